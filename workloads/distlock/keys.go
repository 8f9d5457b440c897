package distlock

import (
	"slices"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/load"
)

// manyKeys is n clients that choose among many keys by a zipf law.
var manyKeys = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "keys", Turn: "acquisition", About: "n clients choose among many keys, by a zipf law",
		Params:    append(slices.Clone(common), keyCount, load.Theta),
		Metrics:   []harness.Metric{handoverTime},
		Probes:    []impls.Promise{locks.Fenced},
		CurveAxis: waiters, Allocates: true, Takes: clientsTake,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(lastsMs.In(20))},
			Standard: []harness.Grid{
				harness.Over(waiters.In(1, 8, 64)),
				harness.Over(load.Theta.In(0), keyCount.In(10_000)),
			},
			Full: []harness.Grid{
				harness.Over(
					waiters.In(1, 8, 64), keyCount.In(2, 100, 10_000), load.Theta.In(0, 0.9), lastsMs.In(1000),
				),
			},
			Stress: []harness.Grid{
				harness.Over(waiters.In(8, 32), keyCount.In(2, 10), lastsMs.In(20)),
				harness.Over(harness.Within(waiters, 2, 64), harness.Within(keyCount, 2, 10_000), lastsMs.In(20)),
			},
		},
	},
	Run: func(t *harness.Trial, b locks.Backend) error {
		return clientLoad{keys: keyCount.Of(t), theta: load.Theta.Of(t)}.run(t, b)
	},
	Helpers: helpers,
}

var keyCount = harness.Param[int]{
	Key: "keys", About: "keys, 1 to 10000", Default: 100, Valid: harness.Between(1, 10_000),
}
