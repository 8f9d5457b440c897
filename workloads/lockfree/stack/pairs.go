package stack

import (
	"github.com/contendbench/contend/harness"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// pairs lets every worker push a value and pop one. There is room for one value of each,
// and at least one value for each pop.
var pairs = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "pairs", Turn: "push and pop", About: "n workers push, and then pop",
		Params:    []harness.AnyParam{load.Goroutines, initial, load.Think},
		CurveAxis: load.Goroutines, Allocates: true, Lasting: true,
		Points: harness.Points{
			Quick: load.Once,
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(1, 2, 8, 64), load.Think.In(0, 100, 1000)),
				harness.Over(initial.In(0, 1024)),
			},
			Full: []harness.Grid{harness.Over(
				load.Goroutines.In(1, 2, 4, 8, 16, 64), initial.In(0, 16, 1024), load.Think.In(0, 100, 1000),
			)},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3, 8, 32), initial.In(0, 1)),
				harness.Over(harness.Within(load.Goroutines, 2, 600), harness.Within(initial, 1, 20_000)),
			},
		},
	},
	Run: runPairs,
}

func runPairs(t *harness.Trial, create stacks.New[uint64]) error {
	n, first, think := load.Goroutines.Of(t), initial.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		size := first + n
		s, books := create(size), new(ledger)
		if err := books.fill(s, first); err != nil {
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
