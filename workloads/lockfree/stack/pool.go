package stack

import (
	"errors"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

var errTwice = errors.New("an object was given to two at once")

// pool is what a stack is mostly used for: it holds objects, which workers take and give back. Each worker takes some before it gives them
// back, so that the objects come back in another order.
func pool(t *harness.Trial, create stacks.New[uint64]) error {
	n, first, most, think := load.Goroutines.Of(t), initial.Of(t), batch.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		size := first + n
		s, books, held := create(size), new(ledger), make([]atomic.Bool, first)
		if err := fill(s, books, first); err != nil {
			return err
		}
		w.Go("worker", n, func(w *harness.Worker) {
			taken := make([]uint64, 0, most)
			for turn := 0; w.Next(); turn++ {
				for range 1 + turn%most {
					value, ok := s.Pop()
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
