package hashmap

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/workloads/load"
)

// zeroValue is churn with maps that no constructor made.
var zeroValue = harness.Workload[New]{
	Load: harness.Load{
		Name: "zero-value", Turn: "fill and empty", About: "the map is a zero value of its type",
		Params: churn.Params,
		Needs:  []impls.Promise{impls.ZeroValue}, Probes: []impls.Promise{impls.ZeroValue}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 8), size.In(10, 100, 1000)),
		}},
	},
	Run: func(t *harness.Trial, create New) error {
		return runChurn(t, func() table { return load.ZeroOf(create()) })
	},
}
