package distlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/load"
)

// hot is n clients that contend for one key.
var hot = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "hot", Turn: "acquisition", About: "n clients contend for one key",
		Params:    common,
		Metrics:   []harness.Metric{handoverTime},
		Probes:    []impls.Promise{locks.Fenced},
		CurveAxis: waiters, WantsFairness: true, Allocates: true, Takes: clientsTake,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(lastsMs.In(20))},
			Standard: []harness.Grid{
				harness.Over(waiters.In(1, 2, 8, 64)),
				harness.Over(load.Hold.In(100_000)),
			},
			Full: []harness.Grid{
				harness.Over(waiters.In(1, 2, 4, 8, 16, 64), load.Hold.In(0, 100_000), lastsMs.In(1000)),
			},
			Stress: []harness.Grid{
				harness.Over(waiters.In(2, 8, 32), load.Hold.In(0, 10_000), lastsMs.In(20)),
				harness.Over(harness.Within(waiters, 2, 64), harness.Within(lastsMs, 20, 300)),
			},
		},
	},
	Run: func(t *harness.Trial, b locks.Backend) error {
		return clientLoad{keys: 1}.run(t, b)
	},
	Helpers: helpers,
}
