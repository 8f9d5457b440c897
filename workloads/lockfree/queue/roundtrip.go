package queue

import (
	"fmt"
	"runtime"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// roundTrip sends one value through a queue to a partner, who sends it back through another: what handing over costs where nobody
// has anything else to do.
func roundTrip(t *harness.Trial, create queue.New[uint64]) error {
	think := t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		there, back := create(room), create(room)
		w.Go("caller", 1, func(w *harness.Worker) {
			for n := uint64(1); w.Next(); n++ {
				send(there, n)
				if got := receive(back); got != n {
					w.Fail(fmt.Errorf("%d came back of %d", got, n))
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

func send(q queue.Queue[uint64], v uint64) {
	for !q.Enqueue(v) {
		runtime.Gosched()
	}
}

func receive(q queue.Queue[uint64]) uint64 {
	for {
		if v, ok := q.Dequeue(); ok {
			return v
		}
		runtime.Gosched()
	}
}
