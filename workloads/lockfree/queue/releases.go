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
// the collector frees them. Where the queue allows many goroutines, calls that meet may
// leave a value behind.
var releases = harness.Workload[queues.New[*Payload]]{
	Load: harness.Load{
		Name: "releases", Turn: "value", About: "the collector must be able to free what came out of the queue",
		Params: []harness.AnyParam{load.Goroutines, capacity},
		Needs:  []impls.Promise{impls.Releases}, Probes: []impls.Promise{impls.Releases},
		Allocates: true, Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 8), capacity.In(8)),
			harness.Over(harness.Within(load.Goroutines, 1, 100), harness.Within(capacity, 1, 1000)),
		}},
	},
	Accepts: isQueue[*Payload],
	Run:     runReleases,
}

// Payload is what a queue of pointers holds. It is too large for the allocator to put
// several of them into one block.
type Payload [64]byte

const (
	held    = 4    // values of each worker that stay in the queue while the others pass
	watched = 1000 // the last values that a worker took out, which must be garbage
)

var (
	errFullEarly  = errors.New("the queue refused a value although it had room")
	errEmptyEarly = errors.New("the queue returned no value although it held some")
)

func runReleases(t *harness.Trial, create queues.New[*Payload]) error {
	n := 1
	if t.Promises(queues.MultiProducer) && t.Promises(queues.MultiConsumer) {
		n = load.Goroutines.Of(t)
	}
	strict := n == 1 || t.Promises(impls.Linearizable)
	return t.Window(func(w *harness.Window) error {
		r := &release{queue: create(max(capacity.Of(t), (held+1)*n)), workers: make([]releaser, n), strict: strict}
		w.Go("worker", n, func(w *harness.Worker) {
			if err := r.pass(w); err != nil {
				w.Fail(err)
			}
		})
		w.Check(r.check)
		return nil
	})
}

// A release is the values of one window that pass through a queue.
type release struct {
	queue   queues.Queue[*Payload]
	workers []releaser
	strict  bool // the queue never looks full or empty when it is not
}

// A releaser is one worker.
type releaser struct {
	gone [watched]weak.Pointer[Payload]
	left int // values that it put in, minus those that it took out
}

// pass is the body of a worker.
func (r *release) pass(w *harness.Worker) error {
	mine := &r.workers[w.ID]
	for n := 0; w.Next(); n++ {
		for !r.queue.Enqueue(new(Payload)) {
			if r.strict {
				return errFullEarly
			}
			runtime.Gosched()
		}
		if n < held {
			mine.left++
			continue
		}
		v, ok := r.queue.Dequeue()
		for ; !ok; v, ok = r.queue.Dequeue() {
			if r.strict {
				return errEmptyEarly
			}
			runtime.Gosched()
		}
		mine.gone[n%watched] = weak.Make(v)
	}
	return nil
}

// check looks for values that are still reachable, and then empties the queue.
func (r *release) check() error {
	left := 0
	var gone [][]weak.Pointer[Payload]
	for i := range r.workers {
		left += r.workers[i].left
		gone = append(gone, r.workers[i].gone[:])
	}
	kept := load.Reachable(gone...)
	if kept > 0 {
		return fmt.Errorf("%d of the last values that were taken out, up to %d for each worker, are still reachable",
			kept, watched)
	}
	for range left {
		if _, ok := r.queue.Dequeue(); !ok {
			return errEmptyEarly
		}
	}
	return nil
}
