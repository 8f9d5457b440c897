package future

import (
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// broadcast has n waiters wait for one producer. Each promise brings the next one with it,
// and the last waiter of a round decides the promise for which the producer waits.
var broadcast = harness.Workload[New]{
	Load: harness.Load{
		Name: "broadcast", Turn: "promise with n waiters", About: "one producer decides a promise that n goroutines wait for",
		Params:    []harness.AnyParam{load.Goroutines},
		CurveAxis: load.Goroutines, Allocates: true,
		Points: harness.Points{
			Quick:    []harness.Grid{harness.Over(load.Goroutines.In(8))},
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64, 512))},
			Stress:   []harness.Grid{harness.Over(few), harness.Over(harness.Within(load.Goroutines, 3, 600))},
		},
	},
	Run: runBroadcast,
}

// A round is a promise with many waiters, and their answer.
type round struct {
	asked, answered futures.Promise[Value]
	left            atomic.Int64
}

func newRound(newPromise New, n int) *round {
	r := &round{asked: newPromise(), answered: newPromise()}
	r.left.Store(int64(n))
	return r
}

func runBroadcast(t *harness.Trial, newPromise New) error {
	n := load.Goroutines.Of(t)
	return t.Window(func(w *harness.Window) error {
		first := newRound(newPromise, n)
		w.Go("producer", 1, func(w *harness.Worker) {
			r := first
			for turn := 1; w.Next(); turn++ {
				v := made(float64(turn))
				v.Item.next = newRound(newPromise, n)
				r.asked.Resolve(v)
				if _, ok := get(w, r.answered); !ok {
					break
				}
				r = v.Item.next
			}
			r.asked.Resolve(Value{})
		})
		w.Go("waiter", n, func(w *harness.Worker) {
			for r := first; w.Next(); {
				v, ok := get(w, r.asked)
				if !ok || v.Item == nil {
					return
				}
				if !v.whole() {
					w.Fail(errTorn)
				}
				if r.left.Add(-1) == 0 {
					r.answered.Resolve(v)
				}
				r = v.Item.next
			}
		}, harness.After("producer"))
		return nil
	})
}
