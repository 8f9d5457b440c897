package queue

import (
	"errors"
	"runtime"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// pairs lets every worker put a value in and take one out, which may be another worker's.
// There is room for one value of each, so none of them waits. The queue stays as short as
// it can be, so reused nodes come back at once. A linearizable queue is never full or
// empty here. In others, a call in progress may make it look so.
//
// Source: Michael and Scott, PODC 1996, §4, which measures every queue this way.
var pairs = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "pairs", Turn: "value", About: "n workers put a value in and take one out",
		Params:    []harness.AnyParam{load.Goroutines, load.Think},
		Needs:     bothEnds,
		Probes:    []impls.Promise{queues.MultiProducer, queues.MultiConsumer, impls.Linearizable},
		CurveAxis: load.Goroutines, Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64))},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3, 4, 8)), harness.Over(harness.Within(load.Goroutines, 9, 200)),
			},
		},
	},
	Run: runPairs,
}

var (
	errLooksFull  = errors.New("the queue looked full, although it held fewer values than it has room for")
	errLooksEmpty = errors.New("the queue looked empty, although it held at least one value")
)

func runPairs(t *harness.Trial, create queues.New[uint64]) error {
	n, think, strict := load.Goroutines.Of(t), t.Spins(load.Think.Of(t)), t.Promises(impls.Linearizable)
	return t.Window(func(w *harness.Window) error {
		x := newFlow(t, create, max(n, room), n, n)
		w.Go("worker", n, func(w *harness.Worker) {
			number := uint64(0)
			refused := func(err error) {
				if strict {
					w.Fail(err)
				}
				runtime.Gosched()
			}
			for w.Next() {
				number++
				for !x.queue.Enqueue(valueOf(w.ID, number)) {
					refused(errLooksFull)
				}
				v, ok := x.queue.Dequeue()
				for ; !ok; v, ok = x.queue.Dequeue() {
					refused(errLooksEmpty)
				}
				x.note(w, v)
				w.Think(think)
			}
			x.sent[w.ID] = number
		})
		w.Check(x.check)
		return nil
	})
}
