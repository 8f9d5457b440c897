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
// allows. Each round has a capacity of its own, up to that of the load. A queue that waits
// cannot refuse, so the load waits probes its bound.
var bounded = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "bounded", Turn: "round", About: "a crowd fills the queue until it refuses, and a crowd empties it",
		Params: []harness.AnyParam{producers, consumers, capacity},
		Needs:  []impls.Promise{impls.Bounded}, Probes: []impls.Promise{impls.Bounded},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(
			harness.Within(producers, 1, 32), harness.Within(consumers, 1, 32), harness.Within(capacity, 1, 5000),
		)}},
	},
	Accepts: func(i impls.Impl[queues.New[uint64]]) bool { return !i.Has(queues.Waits) },
	Run:     runBounded,
}

func runBounded(t *harness.Trial, create queues.New[uint64]) error {
	in, out := ends(t)
	most, rooms := capacity.Of(t), new(rooms)
	return load.Rounds(t, func(rng *rand.Rand) error {
		n := load.Size(rng, most)
		took, err := fillAndEmpty(create(n), n, in, out)
		if err != nil {
			return err
		}
		return rooms.note(n, took)
	})
}

// rooms are the last capacities that queues kept, or rounded up, of those that are no
// power of two.
type rooms struct{ kept, rounded int }

// note returns an error if the queues round some capacities up and keep others.
func (r *rooms) note(capacity, took int) error {
	switch {
	case capacity == 1 || capacity == rounded(capacity):
	case capacity == took:
		r.kept = capacity
	default:
		r.rounded = capacity
	}
	if r.kept > 0 && r.rounded > 0 {
		return fmt.Errorf("a queue rounds the capacity %d up, and keeps the capacity %d", r.rounded, r.kept)
	}
	return nil
}

// fillAndEmpty lets in goroutines fill the queue and out goroutines empty it, twice. It
// returns how many values the queue took.
func fillAndEmpty(q queues.Queue[uint64], capacity, in, out int) (first int, err error) {
	limit := 2 * rounded(capacity)
	for round := range 2 {
		put := together(in, limit, func() bool { return q.Enqueue(1) })
		if put != capacity && put != rounded(capacity) {
			return 0, fmt.Errorf("the queue took %d values with room for %d", put, capacity)
		}
		taken := together(out, limit, func() bool { _, ok := q.Dequeue(); return ok })
		if taken != put {
			return 0, fmt.Errorf("%d values came out of a queue that took %d", taken, put)
		}
		if round > 0 && put != first {
			return 0, fmt.Errorf("the queue took %d values, and then %d", first, put)
		}
		first = put
	}
	return first, nil
}

// together lets n goroutines call f until it returns false, and returns how often it
// returned true. Then one goroutine alone does the same, because a refusal during other
// calls may be temporary. It stops if f returns true more than limit times.
func together(n, limit int, f func() bool) int {
	var count atomic.Int64
	all := func() {
		for count.Load() <= int64(limit) && f() {
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
