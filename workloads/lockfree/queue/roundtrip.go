package queue

import (
	"fmt"
	"runtime"

	"github.com/contendbench/contend/harness"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// roundTrip sends one value through a queue to a partner, which sends it back through
// another. It shows what a hand-over costs between two goroutines that have no other
// work.
var roundTrip = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "round-trip", Turn: "round trip",
		About:  "one value goes through a queue to a partner, and back through another",
		Params: []harness.AnyParam{load.Think}, Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: load.Once,
			Stress:   []harness.Grid{harness.Over(load.Think.In(0, 1000))},
		},
	},
	Run: runRoundTrip,
}

func runRoundTrip(t *harness.Trial, create queues.New[uint64]) error {
	think := t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		there, back := create(room), create(room)
		w.Go("caller", 1, func(w *harness.Worker) {
			for n := uint64(1); w.Next(); n++ {
				send(there, n)
				if got := receive(back); got != n {
					w.Fail(fmt.Errorf("the value %d came back in place of %d", got, n))
				}
				w.Think(think)
			}
		}, harness.Then(func() { send(there, end) }))
		w.Go("partner", 1, func(w *harness.Worker) {
			for w.Next() {
				n := receive(there)
				if n == end {
					w.Undo()
					return
				}
				send(back, n)
			}
		}, harness.After("caller"))
		return nil
	})
}

func send(q queues.Queue[uint64], v uint64) {
	for !q.Enqueue(v) {
		runtime.Gosched()
	}
}

func receive(q queues.Queue[uint64]) uint64 {
	for {
		if v, ok := q.Dequeue(); ok {
			return v
		}
		runtime.Gosched()
	}
}
