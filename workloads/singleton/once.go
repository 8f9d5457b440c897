package singleton

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// once counts the runs of the initializer.
var once = harness.Workload[New]{
	Load: harness.Load{
		Name: "once", Turn: "stampede", About: "a stampede that counts the runs of the initializer",
		Params: []harness.AnyParam{load.Goroutines, buildNs, load.Yield},
		Needs:  []impls.Promise{singles.InitOnce}, Probes: []impls.Promise{singles.InitOnce},
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 8), buildNs.In(0, 1000), load.Yield.In(0, 1))},
		},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		return stampedes(t, newSingle, nil, func(s *callers) error {
			if n := s.builder.runs.Load(); n != 1 {
				return fmt.Errorf("the initializer ran %d times", n)
			}
			return s.agree()
		})
	},
}
