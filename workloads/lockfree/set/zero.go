package set

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sets "github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
)

// zeroValue is own with sets that no constructor made.
var zeroValue = harness.Workload[sets.New]{
	Load: harness.Load{
		Name: "zero-value", Turn: "call", About: "the set is a zero value of its type",
		Params: own.Params,
		Needs:  []impls.Promise{impls.ZeroValue}, Probes: []impls.Promise{impls.ZeroValue}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 8), ownKeys.In(1, 8)),
		}},
	},
	Run: func(t *harness.Trial, create sets.New) error {
		return runOwn(t, func() sets.Set { return load.ZeroOf(create()) })
	},
}
