package queue

import (
	"github.com/contendbench/contend/harness"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// transfer is the plainest load for many goroutines: all producers and consumers run at
// once.
var transfer = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "transfer", Turn: "value", About: "n producers and m consumers, all at once",
		Params: []harness.AnyParam{producers, consumers, capacity, load.Think},
		Needs:  bothEnds, Probes: bothEnds,
		CurveAxis: producers, Maps: []harness.Plane{{producers, consumers}},
		WantsFairness: true, Allocates: true, Lasting: true,
		Points: harness.Points{
			Quick: load.Once,
			Standard: []harness.Grid{
				harness.Over(producers.In(1, 2, 4, 8), consumers.In(1, 2, 4, 8)),
				harness.Over(capacity.In(16, 65536)),
				harness.Over(producers.In(32), consumers.In(32)),
			},
			Full: []harness.Grid{
				harness.Over(producers.In(1, 2, 4, 8), consumers.In(1, 2, 4, 8), capacity.In(16, 1024)),
				harness.Over(
					producers.In(2, 32), consumers.In(2, 32), capacity.In(16, 1024, 65536), load.Think.In(0, 100),
				),
			},
			Stress: []harness.Grid{
				harness.Over(
					producers.In(1, 2, 4, 16), consumers.In(1, 2, 4, 16), capacity.In(2, 16, 1024), load.Think.In(0, 100),
				),
				harness.Over(harness.Within(producers, 1, 100), harness.Within(consumers, 1, 100), lengths),
			},
		},
	},
	Run: func(t *harness.Trial, create queues.New[uint64]) error {
		return move(t, create, producers.Of(t), consumers.Of(t))
	},
}
