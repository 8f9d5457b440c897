package queue

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// shortReleases passes few values through a fresh queue, and checks that the collector
// frees them. What stays reachable in a segment of a list is freed with the segment, so a
// long life would hide it.
var shortReleases = harness.Workload[queues.New[*Payload]]{
	Load: harness.Load{
		Name: "short-releases", Turn: "20 lives of queues",
		About:  "the collector must be able to free what came out of a fresh queue",
		Params: []harness.AnyParam{load.Goroutines, each},
		Needs:  []impls.Promise{impls.Releases}, Probes: []impls.Promise{impls.Releases}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 8), harness.Within(each, 1, 300)),
		}},
	},
	Accepts: isQueue[*Payload],
	Run: func(t *harness.Trial, create queues.New[*Payload]) error {
		n, values := 1, each.Of(t)
		if t.Promises(queues.MultiProducer) && t.Promises(queues.MultiConsumer) {
			n = load.Goroutines.Of(t)
		}
		return load.Rounds(t, func(*rand.Rand) error {
			all := make([]queues.Queue[*Payload], perCollection)
			var gone []weak.Pointer[Payload]
			for i := range all {
				all[i] = create(n + 1)
				gone = append(gone, passAndForget(all[i], n, values)...)
			}
			kept := load.Reachable(gone)
			runtime.KeepAlive(all)
			if kept > 0 {
				return fmt.Errorf("%d of the %d values that came out of %d empty queues are still reachable",
					kept, len(gone), perCollection)
			}
			return nil
		})
	},
}

// perCollection is how many queues share a collection, which takes longer than their lives.
const perCollection = 20

// passAndForget lets n goroutines put in values and take out as many, one after the other.
// They begin together, so that they meet at the few values. It returns all values.
func passAndForget(q queues.Queue[*Payload], n, values int) []weak.Pointer[Payload] {
	gone := make([]weak.Pointer[Payload], n*values)
	var group sync.WaitGroup
	var here atomic.Int64
	for id := range n {
		group.Go(func() {
			for here.Add(1); here.Load() < int64(n); {
				runtime.Gosched()
			}
			for i := range values {
				v := new(Payload)
				gone[id*values+i] = weak.Make(v)
				for !q.Enqueue(v) {
					runtime.Gosched()
				}
				for _, ok := q.Dequeue(); !ok; _, ok = q.Dequeue() {
					runtime.Gosched()
				}
			}
		})
	}
	group.Wait()
	return gone
}
