package cas

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/counter"
	"github.com/contendbench/contend/workloads/load"
)

// zeroValue is count with counters that no constructor made.
var zeroValue = harness.Workload[counter.New]{
	Load: harness.Load{
		Name: "zero-value", Turn: "addition", About: "the counter is a zero value of its type",
		Params: count.Params,
		Needs:  []impls.Promise{impls.ZeroValue}, Probes: []impls.Promise{impls.ZeroValue},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), readPct.In(0, 20))}},
	},
	Run: func(t *harness.Trial, newCounter counter.New) error {
		return runCount(t, func() counter.Counter { return load.ZeroOf(newCounter()) })
	},
}
