package stack

import (
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

const (
	// backlog is about how many values producers are ahead of consumers at most, so that a stack without a bound does not fill the memory.
	backlog = 1 << 16
	// stride is how many values a worker moves between two looks at the backlog.
	stride = 64
)

func roles(t *harness.Trial, create stacks.New[uint64]) error {
	many, size, think := uint64(producers.Of(t)), room.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, books := create(size), new(ledger)
		var taken atomic.Uint64 // in strides
		var ended atomic.Bool
		w.Go("consumer", consumers.Of(t), func(w *harness.Worker) {
			var out tally
			for w.Next() {
				last := ended.Load() // before the pop: an empty stack then stays so
				value, ok := s.Pop()
				if ok {
					out.add(value)
					if out.count%stride == 0 {
						taken.Add(stride)
					}
					w.Think(think)
				} else {
					w.Undo()
					load.Yields(1, 1)
				}
				if last && (!ok || out.count > books.pushed()) { // a broken list may have no end
					break
				}
			}
			books.enter(tally{}, out)
		}, harness.After("producer"))
		w.Go("producer", int(many), func(w *harness.Worker) {
			var in tally
			for next := firstOf(w.ID); w.Next(); {
				ahead := in.count%stride == 0 && many*in.count > taken.Load()+backlog
				if !ahead && s.Push(next) {
					in.add(next)
					next++
					w.Think(think)
				} else {
					w.Undo()
					load.Yields(1, 1)
				}
			}
			books.enter(in, tally{})
		}, harness.Then(func() { ended.Store(true) }))
		w.Check(func() error { return books.balance(s, size) })
		return nil
	})
}
