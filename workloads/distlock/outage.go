package distlock

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// outage kills all servers for longer than the time to live. The holder must give up by
// its own clock, and the servers must serve again after their restart.
var outage = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "outage", Turn: "acquisition", About: "all servers are gone for longer than the holder's time to live",
		Params: faultParams, Ranks: recoveryTime,
		Metrics:   append([]harness.Metric{recoveryTime}, serviceMetrics...),
		Needs:     []impls.Promise{locks.Expires},
		Probes:    []impls.Promise{locks.Expires, locks.Fenced, locks.Durable},
		Points:    faultPoints,
		Allocates: true, Takes: 3 * time.Second,
	},
	Run:     fault{play: playOutage, kills: true, forgets: true}.run,
	Helpers: helpers,
}

func playOutage(c *scene) error {
	if err := c.strike("kill", c.killServers, everyClient); err != nil {
		return err
	}
	if err := c.awaitTold(noticed, c.expiry()); err != nil {
		return err
	}
	time.Sleep(time.Until(c.fault.Started.Add(c.ttl + c.ttl/4)))
	if err := c.fault.End("restart", c.restartServers); err != nil {
		return err
	}
	if err := c.recover(c.awaitService()); err != nil {
		return err
	}
	c.continueLoad()
	return c.awaitReturn()
}
