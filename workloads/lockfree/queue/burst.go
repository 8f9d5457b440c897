package queue

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// burst passes a baton among the producers. The holder puts in many values while the
// others sleep.
var burst = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "burst", Turn: "value", About: "producers take turns, and each puts in many values at once; one consumer",
		Params:    []harness.AnyParam{producers, burstLength, capacity, load.Think},
		Needs:     []impls.Promise{queues.MultiProducer},
		CurveAxis: burstLength, Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(burstLength.In(16, 256, 4096))},
			Stress: []harness.Grid{
				harness.Over(producers.In(2, 8), burstLength.In(1, 16, 256), capacity.In(2, 1024)),
				harness.Over(producers.In(2, 8), harness.Within(burstLength, 1, 300), lengths),
			},
		},
	},
	Run: runBurst,
}

var burstLength = harness.Param[int]{
	Key: "burst", About: "values that a producer puts in at once, 1 to 100000", Default: 256,
	Valid: harness.Between(1, 100_000),
}

func runBurst(t *harness.Trial, create queues.New[uint64]) error {
	think, capacity, producers, length := t.Spins(load.Think.Of(t)), capacity.Of(t), producers.Of(t), burstLength.Of(t)
	return t.Window(func(w *harness.Window) error {
		x := newFlow(t, create, capacity, producers, 1)
		baton := make(chan struct{}, 1)
		baton <- struct{}{}
		w.Go("consumer", 1, func(w *harness.Worker) { x.consume(w, think) }, harness.After("producer"))
		w.Go("producer", producers, func(w *harness.Worker) {
			number := uint64(0)
			for w.Next() {
				<-baton
				for range length {
					number++
					x.put(w, number)
				}
				baton <- struct{}{}
			}
			x.sent[w.ID] = number
		}, harness.Then(x.close))
		w.Check(x.check)
		return nil
	})
}
