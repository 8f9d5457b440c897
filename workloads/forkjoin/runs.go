package forkjoin

import (
	"errors"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
	"github.com/contendbench/contend/workloads/load"
)

// runs has several goroutines call Run of one pool at once, and tasks that call it, too.
var runs = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "runs", Turn: "tree",
		About:  "several goroutines run trees of tasks on one pool at once, and so do some of the tasks",
		Params: []harness.AnyParam{load.Goroutines, vertices, workers},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(
			harness.Within(load.Goroutines, 2, 30), harness.Within(vertices, 1, 100), few,
		)}},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		callers, n, workers := load.Goroutines.Of(t), vertices.Of(t), workersOf(t)
		return t.Window(func(w *harness.Window) error {
			pool := newPool(workers)
			var ended atomic.Int64
			w.Go("caller", callers, func(w *harness.Worker) {
				if w.ID%2 == 0 {
					callOften(w, pool, n, "random")
				} else {
					callNested(w, pool, n)
				}
				if ended.Add(1) == int64(callers) {
					pool.Close()
				}
			})
			return nil
		})
	},
}

// callNested runs nested trees until the window ends.
func callNested(w *harness.Worker, pool forks.Pool, n int) {
	for round := 1; w.Next(); round++ {
		if err := runNested(w, pool, n, round); err != nil {
			w.Fail(err)
			return
		}
	}
}

// runNested runs a task that forks two others, of which each runs a tree on the same
// pool.
func runNested(w *harness.Worker, pool forks.Pool, n, round int) error {
	var inner [2]*tree
	for i := range inner {
		inner[i] = newTree(w.Rand(), n, "random")
	}
	errs := make([]error, len(inner))
	pool.Run(func(s forks.Scope) {
		for i, t := range inner {
			s.Fork(func(forks.Scope) { errs[i] = t.run(pool, round) })
		}
	})
	return errors.Join(errs...)
}
