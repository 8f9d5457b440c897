// Package selftest measures the harness itself: what its loop and its samples cost, what the machine does
// meanwhile, and how often it would call two names of one implementation different.
package selftest

import (
	"fmt"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

const contract = "selftest"

var goroutines = harness.Param[int]{Key: "goroutines", About: "workers", Default: 1, Valid: harness.Between(1, 1000)}

var hold = harness.Param[int]{Key: "hold-ns", About: "work inside the section, ns", Default: 0, Valid: harness.AtLeast(0)}

var copyOf = harness.Param[int]{Key: "copy", About: "which copy of the empty loop", Default: 0, Valid: harness.Between(0, len(nextLoops)-1)}

// Pattern is what the self test measures: an empty turn, and a turn under sync.Mutex.
func Pattern() harness.Pattern {
	table := []impls.Impl[func() sync.Locker]{{
		Name: "sync", Kind: impls.Runtime, Source: "sync.Mutex", New: func() sync.Locker { return new(sync.Mutex) },
	}}
	params := []harness.AnyParam{goroutines, hold, copyOf}
	return harness.NewPattern(
		harness.About{Pattern: contract, Contract: contract, Baseline: "sync"}, table,
		harness.Workload[func() sync.Locker]{Name: "empty", Op: "turn", Params: params, Run: empty},
		harness.Workload[func() sync.Locker]{Name: "lock", Op: "acquisition", Params: params, Run: lock},
	)
}

func empty(t *harness.Trial, _ func() sync.Locker) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("worker", goroutines.Of(t), nextLoops[copyOf.Of(t)])
		return nil
	})
}

func lock(t *harness.Trial, newLock func() sync.Locker) error {
	steps := t.Spins(hold.Of(t))
	return t.Window(func(w *harness.Window) error {
		mu, shared := newLock(), uint64(0)
		w.Go("worker", goroutines.Of(t), func(w *harness.Worker) {
			for w.Next() {
				mu.Lock()
				w.Mark()
				shared++
				w.Spin(steps)
				mu.Unlock()
			}
		})
		w.Check(func() error {
			if turns := w.Turns("worker"); shared < turns {
				return fmt.Errorf("lost updates: %d of %d", turns-shared, turns)
			}
			return nil
		})
		return nil
	})
}

func cell(work string, n, holdNs int) results.Cell {
	return results.Cell{Contract: contract, Work: work, Impl: "sync", Procs: 2, Params: []results.Param{
		{Key: "goroutines", Value: fmt.Sprint(n)}, {Key: "hold-ns", Value: fmt.Sprint(holdNs)},
	}}
}
