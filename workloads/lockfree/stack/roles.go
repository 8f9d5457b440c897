package stack

import (
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// roles has producers push and consumers pop. Once the producers have returned, the
// consumers empty the stack.
var roles = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "roles", Turn: "pop", About: "producers push and consumers pop, until nothing is left",
		Params:    []harness.AnyParam{producers, consumers, room, load.Think},
		CurveAxis: producers, Maps: []harness.Plane{{producers, consumers}},
		WantsFairness: true, Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{
				harness.Over(producers.In(1, 4, 16), consumers.In(1, 4, 16)),
				harness.Over(load.Think.In(1000)),
			},
			Stress: []harness.Grid{
				harness.Over(producers.In(1, 2, 4), consumers.In(1, 2, 4), room.In(1, 4, 8)),
				harness.Over(
					harness.Within(producers, 1, 100), harness.Within(consumers, 1, 100), harness.Within(room, 1, 20_000),
				),
			},
		},
	},
	Run: runRoles,
}

var (
	producers = harness.Param[int]{
		Key: "producers", About: "workers that push, 1 to 1000", Default: 4,
		Valid: harness.Between(1, 1000), Crowd: true,
	}
	consumers = harness.Param[int]{
		Key: "consumers", About: "workers that pop, 1 to 1000", Default: 4,
		Valid: harness.Between(1, 1000), Crowd: true,
	}
	room = harness.Param[int]{
		Key: "room", About: "values that a bounded stack has room for, 1 to 1000000", Default: 1024,
		Valid: harness.Between(1, 1_000_000),
	}
)

const (
	// backlog bounds how far producers get ahead of consumers, so that an unbounded stack
	// does not fill the memory. It is approximate.
	backlog = 1 << 16
	// stride is how many values a worker moves between two looks at the backlog.
	stride = 64
)

func runRoles(t *harness.Trial, create stacks.New[uint64]) error {
	many, size, think := uint64(producers.Of(t)), room.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, books := create(size), new(ledger)
		var taken atomic.Uint64 // in strides
		var ended atomic.Bool
		w.Go("consumer", consumers.Of(t), func(w *harness.Worker) {
			var out tally
			for w.Next() {
				last := ended.Load() // before the pop: a stack found empty then stays empty
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
				if last && (!ok || out.count > books.pushed()) { // a broken list may be endless
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
