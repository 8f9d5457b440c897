package forkjoin

import (
	"fmt"
	"runtime"
	"time"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// lives takes a fresh pool through a short life: one or two small trees, and Close. In a
// long life, the next Run would wake a worker that this one has left asleep.
var lives = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a pool",
		About:  "a fresh pool runs a small tree or two and is closed, which leaves no goroutine",
		Params: []harness.AnyParam{vertices, workers},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(vertices, 1, 100), harness.Within(workers, 1, 40)),
		}},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		n, workers := vertices.Of(t), workersOf(t)
		return t.Window(func(w *harness.Window) error {
			before := runtime.NumGoroutine()
			lived := 0
			w.Go("life", 1, func(w *harness.Worker) {
				for ; w.Next(); lived++ {
					pool, t := newPool(workers), newTree(w.Rand(), n, "random")
					for round := range 1 + w.Rand().IntN(2) {
						if err := t.run(pool, round+1); err != nil {
							w.Fail(err)
							return
						}
					}
					pool.Close()
				}
			})
			w.Check(func() error { return left(before, lived) })
			return nil
		})
	},
}

// looks is how many milliseconds goroutines have to end.
const looks = 250

// left checks that pools have left no goroutine: one that they have all left counts, and
// a few of the harness do not.
func left(before, pools int) error {
	goroutines := 0
	for range looks {
		if goroutines = runtime.NumGoroutine() - before; goroutines < max(pools/2, 4) {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("%d pools that were closed left %d goroutines", pools, goroutines)
}
