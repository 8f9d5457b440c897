package distlock

import (
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// pause stops the holder for longer than its time to live. When the holder continues, it
// is late and does not know it.
var pause = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "pause", Turn: "acquisition",
		About:  "the process that holds the key stalls for longer than its time to live, and continues",
		Params: faultParams, Metrics: bothMetrics, Ranks: takeoverTime,
		Probes:    []impls.Promise{locks.Expires, locks.Released, locks.Fenced},
		Points:    faultPoints,
		Allocates: true, Takes: 2 * time.Second,
	},
	Accepts: freesDeadHolders,
	Run:     fault{play: playPause}.run,
	Helpers: helpers,
}

func playPause(c *scene) error {
	before := c.others.Count()
	if err := c.strike("pause", c.victim.Pause, c.name, second(c.name)); err != nil {
		return err
	}
	if !c.trial.Promises(locks.Expires) {
		return c.playBlocked(before)
	}
	if err := c.takeover(c.expiry()); err != nil {
		return err
	}
	if err := c.notEarly(); err != nil {
		return err
	}
	c.continueLoad()
	if err := c.traffic(before); err != nil {
		return err
	}
	if err := c.fault.End("resume", c.victim.Resume); err != nil {
		return err
	}
	if err := c.recover(c.awaitReturn()); err != nil {
		return err
	}
	return c.staleWrites()
}

// playBlocked is the rest of a pause where a lock does not expire: all clients wait until
// the holder has continued and ends. There is no takeover from a paused holder, so none
// is reported.
func (c *scene) playBlocked(before uint64) error {
	if err := c.noSuccessor(3 * c.ttl); err != nil {
		return err
	}
	if err := c.traffic(before); err != nil {
		return err
	}
	if err := c.fault.End("resume", c.victim.Resume); err != nil {
		return err
	}
	if err := c.noSuccessor(c.ttl / 2); err != nil {
		return err
	}
	_, err := c.killHolder(c.slack)
	return err
}

// staleWrites checks that the victim wrote late. Otherwise the pause shows nothing about
// tokens.
func (c *scene) staleWrites() error {
	r, err := c.report()
	if err == nil && r.Attempted == 0 && c.trial.Promises(locks.Fenced) {
		err = fmt.Errorf("%w: no stale write was attempted", harness.ErrUnknown)
	}
	return err
}
