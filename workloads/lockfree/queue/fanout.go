package queue

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// fanOut is a transfer from a single producer, as to a pool of workers.
var fanOut = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "fan-out", Turn: "value", About: "one producer and n consumers",
		Params:    []harness.AnyParam{consumers, capacity, load.Think},
		Needs:     []impls.Promise{queues.MultiConsumer},
		Probes:    []impls.Promise{queues.MultiConsumer},
		CurveAxis: consumers, WantsFairness: true, Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(consumers.In(2, 8, 32))},
			Stress: []harness.Grid{
				harness.Over(consumers.In(2, 4, 16), capacity.In(2, 1024)),
				harness.Over(harness.Within(consumers, 2, 600), lengths),
			},
		},
	},
	Run: func(t *harness.Trial, create queues.New[uint64]) error { return move(t, create, 1, consumers.Of(t)) },
}
