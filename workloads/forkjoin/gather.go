package forkjoin

import (
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// gather has as many tasks as there are workers wait for each other. A worker that sleeps
// while one of them waits to be run keeps all others waiting.
var gather = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "gather", Turn: "gathering",
		About:  "as many tasks as workers wait until all of them run",
		Params: []harness.AnyParam{workers},
		Needs:  []impls.Promise{forks.WorkConserving}, Probes: []impls.Promise{forks.WorkConserving},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(few), harness.Over(workers.In(2)), harness.Over(harness.Within(workers, 2, 300)),
		}},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		n := workersOf(t)
		return t.Window(func(w *harness.Window) error {
			pool := newPool(n)
			w.Go("caller", 1, func(w *harness.Worker) {
				for w.Next() {
					gatherings[w.Rand().IntN(len(gatherings))](w.Rand(), pool, n)
				}
				pool.Close()
			})
			return nil
		})
	},
}

// gatherings return when n tasks have met.
var gatherings = []func(rng *rand.Rand, pool forks.Pool, n int){
	// One task forks the others.
	func(rng *rand.Rand, pool forks.Pool, n int) {
		meet := meeting(n)
		pool.Run(func(s forks.Scope) {
			for range n - 1 {
				s.Fork(func(forks.Scope) { meet() })
			}
			meet()
		})
	},
	// Each task forks the next one.
	func(rng *rand.Rand, pool forks.Pool, n int) {
		meet := meeting(n)
		var next func(s forks.Scope, left int)
		next = func(s forks.Scope, left int) {
			if left > 0 {
				s.Fork(func(s forks.Scope) { next(s, left-1) })
			}
			meet()
		}
		pool.Run(func(s forks.Scope) { next(s, n-1) })
	},
	// The others are forked by tasks that ended, or by one that has not.
	func(rng *rand.Rand, pool forks.Pool, n int) {
		meet, before := meeting(n), rng.IntN(2*n)
		pool.Run(func(s forks.Scope) {
			for range before {
				s.Fork(func(forks.Scope) {})
			}
			if rng.IntN(2) == 0 {
				s.Join()
			}
			for range n - 1 {
				s.Fork(func(forks.Scope) { meet() })
			}
			meet()
		})
	},
}

// meeting returns a function that returns when n goroutines have called it.
func meeting(n int) func() {
	group := new(sync.WaitGroup)
	group.Add(n)
	return func() {
		group.Done()
		group.Wait()
	}
}
