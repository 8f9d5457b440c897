package stack

import (
	"errors"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// pool is the most common use of a stack: it holds objects, which workers take and give
// back. A worker takes several before it gives them back, so their order changes. If there
// are enough objects for all workers, none finds the stack empty.
var pool = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "pool", Turn: "take and give back",
		About:     "n workers take some of the objects on the stack, and give them back",
		Params:    []harness.AnyParam{load.Goroutines, initial, batch, load.Think},
		CurveAxis: load.Goroutines, Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64), batch.In(1, 4))},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(3, 4, 8), initial.In(4, 8, 32), batch.In(3, 4)),
				harness.Over(harness.Within(load.Goroutines, 2, 200), harness.Within(initial, 1, 5000), batch.In(3, 4)),
			},
		},
	},
	// Without a stack, workers would hold the same object and stop.
	Accepts: func(i impls.Impl[stacks.New[uint64]]) bool { return i.Role != impls.Noop },
	Run:     runPool,
}

var batch = harness.Param[int]{
	Key: "batch", About: "most objects that a worker takes before it gives them back, 1 to 1000", Default: 2,
	Valid: harness.Between(1, 1000),
}

var errTwice = errors.New("an object was given to two workers at once")

func runPool(t *harness.Trial, create stacks.New[uint64]) error {
	n, first, most, think := load.Goroutines.Of(t), initial.Of(t), batch.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		size := first + n
		s, books, held := create(size), new(ledger), make([]atomic.Bool, first)
		if err := books.fill(s, first); err != nil {
			return err
		}
		w.Go("worker", n, func(w *harness.Worker) {
			taken := make([]uint64, 0, most)
			for turn := 0; w.Next(); turn++ {
				for range 1 + turn%most {
					value, ok := s.Pop()
					if !ok && first >= n*most {
						w.Fail(errEmpty)
						return
					}
					if !ok {
						break
					}
					if value >= uint64(first) || held[value].Swap(true) {
						w.Fail(errTwice)
						return
					}
					taken = append(taken, value)
				}
				if len(taken) == 0 {
					w.Undo()
					load.Yields(1, 1)
				}
				w.Mark()
				for _, value := range taken {
					held[value].Store(false)
					if !s.Push(value) {
						w.Fail(errFull)
						return
					}
				}
				taken = taken[:0]
				w.Think(think)
			}
		})
		w.Check(func() error { return books.balance(s, size) })
		return nil
	})
}
