package queue

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// bounded fills a queue and empties it, with as many goroutines at each end as the queue
// allows. A queue that waits cannot refuse, so the load waits probes its bound.
var bounded = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "bounded", Turn: "round", About: "a crowd fills the queue until it refuses, and a crowd empties it",
		Needs: []impls.Promise{impls.Bounded}, Probes: []impls.Promise{impls.Bounded},
		Points: harness.Points{Stress: load.Once},
	},
	Accepts: func(i impls.Impl[queues.New[uint64]]) bool { return !i.Has(queues.Waits) },
	Run:     runBounded,
}

// crowd is how many goroutines fill or empty a queue that allows more than one.
const crowd = 3

func runBounded(t *harness.Trial, create queues.New[uint64]) error {
	in, out := 1, 1
	if t.Promises(queues.MultiProducer) {
		in = crowd
	}
	if t.Promises(queues.MultiConsumer) {
		out = crowd
	}
	return load.Rounds(t, func(*rand.Rand) error { return fillAndEmpty(create, in, out) })
}

// fillAndEmpty lets in goroutines fill the queue and out goroutines empty it, twice.
func fillAndEmpty(create queues.New[uint64], in, out int) error {
	q := create(places)
	for range 2 {
		put := together(in, func() bool { return q.Enqueue(1) })
		if put != places {
			return fmt.Errorf("the queue took %d values with room for %d", put, places)
		}
		taken := together(out, func() bool { _, ok := q.Dequeue(); return ok })
		if taken != places {
			return fmt.Errorf("%d values came out of a queue that took %d", taken, places)
		}
	}
	return nil
}

// together lets n goroutines call f until it returns false, and returns how often it
// returned true. Then one goroutine alone does the same, because a refusal during other
// calls may be temporary. It stops if f returns true too often.
func together(n int, f func() bool) int {
	var count atomic.Int64
	all := func() {
		for count.Load() <= places && f() {
			count.Add(1)
		}
	}
	var group sync.WaitGroup
	for range n {
		group.Go(all)
	}
	group.Wait()
	all()
	return int(count.Load())
}
