package async

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// fan has functions that start k others and wait for all of them.
var fan = harness.Load{
	Name: "fan", Turn: "fan-out and fan-in", About: "a function starts k others and gathers their results",
	Params:    []harness.AnyParam{load.Goroutines, fanOut, workers},
	CurveAxis: fanOut, Allocates: true,
	Points: harness.Points{
		Quick:    []harness.Grid{harness.Over(load.Goroutines.In(1), fanOut.In(100))},
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 8), fanOut.In(1, 10, 100, 1000))},
		Stress:   []harness.Grid{harness.Over(few, harness.Within(fanOut, 1, 2000), workers.In(1, 2, 3))},
	},
}

var fanOut = harness.Param[int]{
	Key: "fan-out", About: "functions that each function starts, 1 to 100000", Default: 100,
	Valid: harness.Between(1, 100_000),
}

func runFan(t *harness.Trial, newExecutor start) error {
	p := repeated(leaf, fanOut.Of(t), true)
	want := p.forecast()
	return t.Window(func(w *harness.Window) error {
		e := newExecutor(workers.Of(t))
		callers(w, e, load.Goroutines.Of(t), func() error { return e.await(p, want) })
		return nil
	})
}
