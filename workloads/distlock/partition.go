package distlock

import (
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/faults"
)

// partition cuts the holder's network path to the lock, and not the one to the resource.
var partition = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "partition", Turn: "acquisition", About: "the holder's network path to the lock is cut, and heals",
		Params:  append(slices.Clone(faultParams), faults.Cut),
		Metrics: bothMetrics, Ranks: takeoverTime,
		Needs:  []impls.Promise{locks.Expires},
		Probes: []impls.Promise{locks.Expires, locks.Fenced},
		Points: harness.Points{ // the kinds take too long for standard
			Full: []harness.Grid{harness.Over(cuts)},
			// A lease that ends at once is seen only if it is long against the machine's stalls.
			Stress: []harness.Grid{harness.Over(fewClients, faultTTLMs.In(100, 400), cuts)},
		},
		Allocates: true, Takes: 2 * time.Second,
	},
	Run:     fault{play: playPartition, proxied: true}.run,
	Helpers: helpers,
}

var cuts = faults.Cut.In(faults.Requests, faults.Replies, faults.Both, faults.Closed)

func playPartition(c *scene) error {
	before := c.others.Count()
	cut := func() error { return c.proxy.Cut(faults.Cut.Of(c.trial)) }
	if err := c.strike("cut", cut, c.name, second(c.name)); err != nil {
		return err
	}
	// Until the victim has given up, which takes its time to live, the server may still
	// hear of it.
	limit := c.ttl + c.expiry()
	if err := c.takeover(limit); err != nil {
		return err
	}
	if err := c.awaitTold(noticed, limit); err != nil {
		return err
	}
	if err := c.notEarly(); err != nil {
		return err
	}
	c.continueLoad()
	if err := c.traffic(before); err != nil {
		return err
	}
	if err := c.fault.End("heal", func() error { c.proxy.Heal(); return nil }); err != nil {
		return err
	}
	return c.recover(c.awaitReturn())
}
