package queue

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// fanIn is a transfer to a single consumer, as to an actor's mailbox.
var fanIn = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "fan-in", Turn: "value", About: "n producers and one consumer",
		Params:    []harness.AnyParam{producers, capacity, load.Think},
		Needs:     []impls.Promise{queues.MultiProducer},
		Probes:    []impls.Promise{queues.MultiProducer},
		CurveAxis: producers, Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(producers.In(2, 8, 32))},
			Stress: []harness.Grid{
				harness.Over(producers.In(2, 4, 16), capacity.In(2, 1024)),
				harness.Over(harness.Within(producers, 2, 600), lengths),
			},
		},
	},
	Run: func(t *harness.Trial, create queues.New[uint64]) error { return move(t, create, producers.Of(t), 1) },
}
