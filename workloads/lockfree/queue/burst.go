package queue

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// burst lets producers take turns at a baton: one puts in many values, and the others sleep.
func burst(t *harness.Trial, create queue.New[uint64]) error {
	think, capacity, producers, length := t.Spins(load.Think.Of(t)), capacity.Of(t), producers.Of(t), burstLength.Of(t)
	return t.Window(func(w *harness.Window) error {
		x := newTransfer(create, capacity, producers, 1)
		baton := make(chan struct{}, 1)
		baton <- struct{}{}
		w.Go("consumer", 1, func(w *harness.Worker) { x.consume(w, think) }, harness.After("producer"))
		w.Go("producer", producers, func(w *harness.Worker) {
			number := uint64(0)
			for w.Next() {
				<-baton
				for range length {
					number++
					x.put(w.ID, number)
				}
				baton <- struct{}{}
			}
			x.sent[w.ID] = number
		}, harness.Then(x.close))
		w.Check(x.check)
		return nil
	})
}
