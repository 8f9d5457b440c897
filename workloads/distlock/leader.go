package distlock

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/faults"
)

// leader kills the server that serves writes, of several. The others must continue after
// a pause.
var leader = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "leader", Turn: "acquisition", About: "the server that serves writes, of several, is killed and restarts",
		Params: faultParams, Metrics: serviceMetrics, Ranks: unavailableTime,
		Needs:     []impls.Promise{locks.Survives},
		Probes:    []impls.Promise{locks.Survives, locks.Fenced},
		Points:    faultPoints,
		Allocates: true, Takes: 30 * time.Second,
	},
	Run:     fault{play: playLeader, kills: true}.run,
	Helpers: helpers,
}

func playLeader(c *scene) error {
	node, err := faults.Leader(c.trial.Context, c.cluster)
	if err != nil {
		return err
	}
	// The pause may be longer than a time to live.
	if err := c.strike("kill the leader", node.Kill, everyClient); err != nil {
		return err
	}
	if err := c.awaitService(); err != nil {
		return err
	}
	c.continueLoad()
	if err := c.fault.End("restart", func() error { return node.Restart(c.trial.Context) }); err != nil {
		return err
	}
	return c.awaitService()
}
