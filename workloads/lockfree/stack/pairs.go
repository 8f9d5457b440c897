package stack

import (
	"errors"

	"github.com/contendbench/contend/harness"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

var (
	errFull  = errors.New("a push found no room where there was some")
	errEmpty = errors.New("a pop found the stack empty while there was more on it than others could take")
)

func pairs(t *harness.Trial, create stacks.New[uint64]) error {
	n, first, think := load.Goroutines.Of(t), initial.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		size := first + n
		s, books := create(size), new(ledger)
		if err := fill(s, books, first); err != nil {
			return err
		}
		w.Go("worker", n, func(w *harness.Worker) {
			var in, out tally
			for next := firstOf(w.ID); w.Next(); next++ {
				if !s.Push(next) {
					w.Fail(errFull)
					return
				}
				in.add(next)
				value, ok := s.Pop()
				if !ok {
					w.Fail(errEmpty)
					return
				}
				out.add(value)
				w.Think(think)
			}
			books.enter(in, out)
		})
		w.Check(func() error { return books.balance(s, size) })
		return nil
	})
}

// fill pushes values that no worker pushes.
func fill(s stacks.Stack[uint64], books *ledger, count int) error {
	var in tally
	for value := range uint64(count) {
		if !s.Push(value) {
			return errFull
		}
		in.add(value)
	}
	books.enter(in, tally{})
	return nil
}
