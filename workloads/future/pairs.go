package future

import (
	"errors"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// pairs makes promises that are decided before a goroutine waits: what a promise costs by
// itself.
var pairs = harness.Workload[New]{
	Load: harness.Load{
		Name: "pairs", Turn: "promise", About: "each worker makes, decides and gets promises by itself",
		Params:    []harness.AnyParam{load.Goroutines},
		CurveAxis: load.Goroutines, Allocates: true,
		Points: harness.Points{
			Quick:    []harness.Grid{harness.Over(load.Goroutines.In(1))},
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8))},
			Stress:   []harness.Grid{harness.Over(few)},
		},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		n := load.Goroutines.Of(t)
		return t.Window(func(w *harness.Window) error {
			w.Go("worker", n, func(w *harness.Worker) {
				v := made(float64(w.ID))
				for w.Next() {
					p := newPromise()
					if !p.Resolve(v) {
						w.Fail(errRefused)
					}
					if got, ok := get(w, p); ok && got != v {
						w.Fail(errAnother)
					}
				}
			})
			return nil
		})
	},
}

var (
	errRefused = errors.New("the only deciding call of a promise returned false")
	errAnother = errors.New("a Get returned another value than that of the deciding call")
)
