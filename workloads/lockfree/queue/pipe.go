package queue

import (
	"github.com/contendbench/contend/harness"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// pipe is a transfer with one goroutine at each end, which every queue allows.
var pipe = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "pipe", Turn: "value", About: "one producer and one consumer",
		Params:    []harness.AnyParam{capacity, load.Think},
		CurveAxis: capacity, Allocates: true, Lasting: true,
		Points: harness.Points{
			Quick:    load.Once,
			Standard: []harness.Grid{harness.Over(capacity.In(16, 1024, 65536))},
			Full:     []harness.Grid{harness.Over(capacity.In(2, 16, 128, 1024, 65536), load.Think.In(0, 100))},
			Stress: []harness.Grid{
				harness.Over(capacity.In(2, 16, 1024), load.Think.In(0, 100)), harness.Over(lengths, load.Think.In(0, 100)),
			},
		},
	},
	Run: func(t *harness.Trial, create queues.New[uint64]) error { return move(t, create, 1, 1) },
}
