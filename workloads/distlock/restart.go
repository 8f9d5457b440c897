package distlock

import (
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/faults"
)

// restart kills all servers and starts them again, while the holder lives. It must still
// be the holder then. When it dies, it must lose the key.
var restart = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "restart", Turn: "acquisition", About: "all servers are killed and start again, and the holder lives",
		Params: faultParams, Metrics: bothMetrics, Ranks: unavailableTime,
		Needs:  []impls.Promise{locks.Durable},
		Probes: []impls.Promise{locks.Durable, locks.Expires, locks.Fenced},
		Points: harness.Points{ // the leases must outlast the fault
			Standard: []harness.Grid{harness.Over(faultTTLMs.In(3000))},
			Full:     []harness.Grid{harness.Over(waiters.In(4, 16), faultTTLMs.In(3000))},
			Stress:   []harness.Grid{harness.Over(fewClients, faultTTLMs.In(500))},
		},
		Allocates: true, Takes: 12 * time.Second,
	},
	Run:     fault{play: playRestart, kills: true}.run,
	Helpers: helpers,
}

// power is restart in which the power fails: all servers lose what they have not synced. A
// lock that promises Durable told no client of it.
var power = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "power", Turn: "acquisition",
		About:  "all servers lose what they have not synced, and start again, and the holder lives",
		Params: faultParams, Metrics: bothMetrics, Ranks: unavailableTime,
		Needs:     []impls.Promise{locks.Durable},
		Probes:    []impls.Promise{locks.Durable, locks.Expires, locks.Fenced},
		Points:    harness.Points{Stress: restart.Points.Stress},
		Allocates: true, Takes: 12 * time.Second,
	},
	Accepts: func(i impls.Impl[locks.Backend]) bool { return i.New.LosePower != nil },
	Run:     fault{play: playRestart, kills: true, power: true}.run,
	Helpers: helpers,
}

func playRestart(c *scene) error {
	c.mayLose.Store(true) // a release under way when the server dies may have taken effect, or not
	if err := c.strike("kill", c.killServers); err != nil {
		return err
	}
	if err := c.fault.End("restart", c.restartServers); err != nil {
		return err
	}
	c.gone = c.fault.Ended.Sub(c.fault.Started)
	if err := c.recover(c.awaitService()); err != nil || c.tooLong() {
		return err
	}
	if err := c.noSuccessor(c.ttl / 4); err != nil {
		return err
	}
	r, err := c.report()
	if err != nil {
		return err
	}
	if len(r.Told) > 0 {
		return c.late(fmt.Errorf("the victim lost its lease: it reported %q", r.Told), r, []string{c.name})
	}
	c.overtaken, err = c.killHolder(c.expiry())
	return err
}

func (c *scene) killServers() error {
	c.killed.Store(true)
	return faults.KillAll(c.cluster)
}

func (c *scene) restartServers() error { return faults.RestartAll(c.trial.Context, c.cluster) }
