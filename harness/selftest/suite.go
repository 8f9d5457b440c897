// Package selftest measures the harness itself: the costs of its loop and of its samples,
// and what the machine does during that time. It also measures how often the harness
// calls two names of one implementation different.
package selftest

import (
	"fmt"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

const contract = "selftest"

var (
	goroutines = harness.Param[int]{
		Key: "goroutines", About: "workers", Default: 1, Valid: harness.Between(1, 1000), Crowd: true,
	}
	hold = harness.Param[int]{
		Key: "hold-ns", About: "work inside the section, ns", Default: 0, Valid: harness.AtLeast(0),
	}
	copyOf = harness.Param[int]{
		Key: "copy", About: "which copy of the empty loop", Default: 0, Valid: harness.Between(0, len(nextLoops)-1),
	}
)

// Suite is what the self test measures: an empty turn, and a turn under sync.Mutex.
func Suite() harness.Suite {
	create := func() sync.Locker { return new(sync.Mutex) }
	table := []impls.Impl[func() sync.Locker]{impls.New("sync", impls.Runtime, "sync.Mutex", create)}
	params := []harness.AnyParam{goroutines, hold, copyOf}
	return harness.NewSuite(
		harness.About{Pattern: contract, Contract: contract, Baseline: "sync"},
		harness.Under(table,
			harness.Workload[func() sync.Locker]{
				Load: harness.Load{Name: "empty", Turn: "turn", Params: params}, Run: empty,
			},
			harness.Workload[func() sync.Locker]{
				Load: harness.Load{Name: "lock", Turn: "acquisition", Params: params}, Run: lock,
			},
		),
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
