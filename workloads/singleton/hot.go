package singleton

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// hot reads a value that is built before the window starts.
var hot = harness.Workload[New]{
	Load: harness.Load{
		Name: "hot", Turn: "read", About: "n workers read a value that is built",
		Params:    []harness.AnyParam{load.Goroutines, load.Think},
		CurveAxis: load.Goroutines,
		Lasting:   true,
		Points: harness.Points{
			Quick:    []harness.Grid{harness.Over(load.Goroutines.In(2))},
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64))},
			Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2, 8)), harness.Over(crowd)},
		},
	},
	Run: runHot,
}

func runHot(t *harness.Trial, newSingle New) error {
	think := t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s := newSingle(new(builder).build)
		first, err := s.Get()
		if err != nil {
			return err
		}
		w.Go("reader", load.Goroutines.Of(t), func(w *harness.Worker) {
			for w.Next() {
				if o, err := s.Get(); o != first || err != nil {
					w.Fail(errTwo)
				}
				w.Think(think)
			}
		})
		return nil
	})
}
