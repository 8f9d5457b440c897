package queue

import (
	"errors"
	"runtime"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// pairsOf is the workload of pairs for one row.
func pairsOf(i row) harness.Workload[queue.New[uint64]] {
	return harness.Workload[queue.New[uint64]]{
		Name: "pairs", Op: "value", About: "n workers put a value in and take one out", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, load.Think}, Curve: load.Goroutines,
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 4, 8))},
		Accepts:  many,
		Run: func(t *harness.Trial, create queue.New[uint64]) error {
			return pairs(t, create, i.Has(impls.Linearizable))
		},
	}
}

var (
	errLooksFull  = errors.New("the queue looked full to a worker, although all others together had put in less than it has room for")
	errLooksEmpty = errors.New("the queue looked empty to a worker that had put in more than it took out, as had all others or as much")
)

// pairs lets every worker put a value in and take one out, which need not be its own. There is room for a value of each, so that nobody
// waits, and the queue is as short as it can be: nodes that are used again come back at once. A queue that is linearizable is
// never full here, nor empty; in others, a call that is half done may make it look so.
//
// Source: Michael and Scott, PODC 1996, §4, where every queue is measured so.
func pairs(t *harness.Trial, create queue.New[uint64], strict bool) error {
	n, think := load.Goroutines.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		x := newTransfer(create, max(n, room), n, n)
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
