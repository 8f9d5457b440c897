package distlock

import (
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// crash kills the holder. A lock that promises Released frees the key at once, and one
// that promises Expires when the holder's time to live is over. The others ask for longer
// leases, which must not matter.
var crash = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "crash", Turn: "acquisition", About: "the process that holds the key is killed",
		Params: faultParams, Metrics: takeoverMetrics, Ranks: takeoverTime,
		Probes:    []impls.Promise{locks.Expires, locks.Released, locks.Fenced},
		Points:    faultPoints,
		Allocates: true, Takes: 2 * time.Second,
	},
	Accepts: freesDeadHolders,
	Run:     fault{play: playCrash, longLease: true, longWaits: true}.run,
	Helpers: helpers,
}

// freesDeadHolders accepts the locks that free the key of a dead holder, at once or
// later.
func freesDeadHolders(i impls.Impl[locks.Backend]) bool {
	return slices.ContainsFunc([]impls.Promise{locks.Expires, locks.Released}, i.Has)
}

func playCrash(c *scene) error {
	before := c.others.Count()
	if err := c.strike("kill", c.victim.Kill, c.name, second(c.name)); err != nil {
		return err
	}
	limit := c.expiry()
	if c.trial.Promises(locks.Released) {
		limit = c.slack
	}
	if err := c.takeover(limit); err != nil {
		return err
	}
	c.continueLoad()
	return c.traffic(before)
}
