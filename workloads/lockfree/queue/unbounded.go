package queue

import (
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// unbounded puts in far more values than the capacity that the queue was made with.
var unbounded = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "unbounded", Turn: "round", About: "one goroutine puts in 10000 values, and then takes them out",
		Needs: []impls.Promise{impls.Unbounded}, Probes: []impls.Promise{impls.Unbounded},
		Allocates: true,
		Points:    harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, create queues.New[uint64]) error {
		return load.Rounds(t, func(*rand.Rand) error { return grow(create) })
	},
}

// plenty is more than a segment or ring of any unbounded queue holds, except lscq's.
const plenty = 10_000

func grow(create queues.New[uint64]) error {
	q := create(places)
	for n := range uint64(plenty) {
		if !q.Enqueue(n) {
			return fmt.Errorf("the queue refused value %d", n)
		}
	}
	for n := range uint64(plenty) {
		if v, ok := q.Dequeue(); !ok || v != n {
			return fmt.Errorf("value %d came out as %d, %t", n, v, ok)
		}
	}
	return nil
}
