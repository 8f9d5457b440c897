package forkjoin

import (
	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// trees runs trees of tasks of all shapes: deep and one-sided ones, wide ones, with joins
// in the middle, forks after a Join, and joins that are left to the scheduler.
var trees = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "trees", Turn: "tree",
		About:  "each task of a tree runs once, and a Join waits for all tasks below",
		Params: []harness.AnyParam{vertices, shape, workers},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(vertices, 1, 300), allShapes, few),
			harness.Over(harness.Within(vertices, 1, 300), allShapes, harness.Within(workers, 2, 300)),
			harness.Over(harness.Within(vertices, 1000, 10_000), allShapes, workers.In(1, 2, 8)),
		}},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		n, shape, workers := vertices.Of(t), shape.Of(t), workersOf(t)
		return t.Window(func(w *harness.Window) error {
			pool := newPool(workers)
			w.Go("caller", 1, func(w *harness.Worker) {
				callOften(w, pool, n, shape)
				pool.Close()
			})
			return nil
		})
	},
}

// treesEach is how often a tree runs before there is another one.
const treesEach = 10

// callOften runs trees until the window ends. The caller closes the pool in its body, so
// that the watchdog sees a Close that hangs.
func callOften(w *harness.Worker, pool forks.Pool, n int, shape string) {
	var t *tree
	for round := 1; w.Next(); round++ {
		if round%treesEach == 1 {
			t = newTree(w.Rand(), n, shape)
		}
		if err := t.run(pool, round); err != nil {
			w.Fail(err)
			return
		}
	}
}
