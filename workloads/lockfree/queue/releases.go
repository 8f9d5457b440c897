package queue

import (
	"errors"
	"fmt"
	"runtime"
	"weak"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// releases passes values through a queue that is never quite empty, and then checks that
// the collector frees them.
var releases = harness.Workload[queues.New[*payload]]{
	Load: harness.Load{
		Name: "releases", Turn: "value", About: "the collector must be able to free what came out of the queue",
		Needs: []impls.Promise{impls.Releases}, Probes: []impls.Promise{impls.Releases},
		Allocates: true,
		Points:    harness.Points{Stress: load.Once},
	},
	Run: runReleases,
}

// payload is what a queue of pointers holds. It is too large for the allocator to put
// several of them into one block.
type payload [64]byte

const (
	held    = 4    // values that stay in the queue while the others pass
	watched = 1000 // the last values that came out, which must be garbage
)

func runReleases(t *harness.Trial, create queues.New[*payload]) error {
	return t.Window(func(w *harness.Window) error {
		q := create(places)
		var gone [watched]weak.Pointer[payload]
		w.Go("worker", 1, func(w *harness.Worker) {
			for n := 0; w.Next(); n++ {
				if !q.Enqueue(new(payload)) {
					w.Fail(errors.New("the queue refused a value although it had room"))
					return
				}
				if n < held {
					continue
				}
				v, ok := q.Dequeue()
				if !ok {
					w.Fail(errors.New("the queue returned no value although it held some"))
					return
				}
				gone[n%watched] = weak.Make(v)
			}
		})
		w.Check(func() error {
			runtime.GC()
			kept := 0
			for _, p := range gone {
				if p.Value() != nil {
					kept++
				}
			}
			runtime.KeepAlive(q)
			if kept > 0 {
				return fmt.Errorf("%d of the last %d values that were taken out are still reachable", kept, watched)
			}
			return nil
		})
		return nil
	})
}
