package singleton

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// cold plays stampedes, each on a new singleton. It is measured, so the timed part of a
// turn ends before the check.
var cold = harness.Workload[New]{
	Load: harness.Load{
		Name: "cold", Turn: "stampede", About: "n callers arrive at once at a value that is not built",
		Params:    []harness.AnyParam{load.Goroutines, buildNs, load.Yield},
		CurveAxis: load.Goroutines, Maps: []harness.Plane{{load.Goroutines, buildNs}},
		Allocates: true,
		Points: harness.Points{
			Quick:    load.Once,
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64), buildNs.In(0, 1000, 100_000))},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 8), buildNs.In(0, 1000, 10_000), load.Yield.In(0, 1)),
				harness.Over(crowd, load.Yield.In(0, 1)),
			},
		},
	},
	Run: runCold,
}

var crowd = harness.Within(load.Goroutines, 9, 1200)

func runCold(t *harness.Trial, newSingle New) error {
	n, work, yield := load.Goroutines.Of(t), t.Spins(buildNs.Of(t)), load.Yield.Of(t)
	return t.Window(func(w *harness.Window) error {
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				s := stampede(newSingle, n, &builder{work: work, yield: yield})
				w.Mark()
				if err := s.agree(); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}
