package future

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// chain makes a row of promises, each decided by a callback of the one before, and decides
// the first.
var chain = harness.Workload[New]{
	Load: harness.Load{
		Name: "chain", Turn: "row of promises", About: "each promise is decided by a callback of the one before it",
		Params:    []harness.AnyParam{load.Goroutines, length},
		CurveAxis: length, Allocates: true,
		Points: harness.Points{
			Quick:    []harness.Grid{harness.Over(load.Goroutines.In(1), length.In(100))},
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2), length.In(1, 10, 100, 1000))},
			Stress:   []harness.Grid{harness.Over(few, harness.Within(length, 1, 3000))},
		},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		n, k := load.Goroutines.Of(t), length.Of(t)
		return t.Window(func(w *harness.Window) error {
			w.Go("worker", n, func(w *harness.Worker) {
				for w.Next() {
					first, last := row(newPromise, k)
					first.Resolve(Value{})
					if v, ok := get(w, last); ok && v.Number != float64(k) {
						w.Fail(fmt.Errorf("a row of %d promises ended with the number %v", k, v.Number))
					}
				}
			})
			return nil
		})
	},
}

var length = harness.Param[int]{
	Key: "length", About: "callbacks in a row, 1 to 100000", Default: 100, Valid: harness.Between(1, 100_000),
}

// row makes a promise and k more behind it. Each adds one to the number of the one before.
func row(newPromise New, k int) (first, last futures.Promise[Value]) {
	first = newPromise()
	last = first
	for range k {
		next := newPromise()
		last.Then(func(v Value, err error) {
			if err != nil {
				next.Reject(err)
				return
			}
			next.Resolve(Value{Number: v.Number + 1})
		})
		last = next
	}
	return first, last
}
