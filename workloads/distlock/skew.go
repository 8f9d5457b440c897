package distlock

import (
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// skew disturbs the server's clock. It jumps beyond the holder's time to live, or runs so
// fast that the holder's heartbeats come too late. Any client may then lose what it
// holds, and a token must stop it.
var skew = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "skew", Turn: "acquisition", About: "the server's clock jumps ahead or runs fast",
		Params:  append(slices.Clone(faultParams), clockFault),
		Metrics: bothMetrics, Ranks: takeoverTime,
		Probes: []impls.Promise{locks.Expires, locks.Fenced},
		Points: harness.Points{ // the kinds take too long for standard
			Full:   []harness.Grid{harness.Over(clockFaults)},
			Stress: []harness.Grid{harness.Over(fewClients, shortTTL, clockFaults)},
		},
		Allocates: true, Takes: time.Second,
	},
	Accepts: func(i impls.Impl[locks.Backend]) bool { return i.New.Skew != nil },
	Run:     fault{play: playSkew}.run,
	Helpers: helpers,
}

var (
	clockFault = harness.Param[string]{
		Key: "clock", About: "what the server's clock does: jump, or fast", Default: "jump",
		Valid: func(what string) bool { return what == "jump" || what == "fast" },
	}
	clockFaults = clockFault.In("jump", "fast")
)

func playSkew(c *scene) error {
	wrong := impls.Skew{Jump: 2 * c.ttl, Rate: 1}
	if clockFault.Of(c.trial) == "fast" {
		wrong = impls.Skew{Rate: 5}
	}
	set := func(s impls.Skew) func() error {
		return func() error { return c.backend.Skew(c.trial.Context, c.cluster.Endpoint(), s) }
	}
	if err := c.strike("skew", set(wrong), everyClient); err != nil {
		return err
	}
	if err := c.takeover(c.expiry()); err != nil {
		return err
	}
	if err := c.awaitTold(noticed, c.expiry()); err != nil {
		return err
	}
	c.continueLoad()
	if err := c.fault.End("correct", set(impls.Skew{Rate: 1})); err != nil {
		return err
	}
	return c.recover(c.awaitReturn())
}
