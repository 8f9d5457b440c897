package semaphore

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// storm is a storm of cancellations: impatient workers give up. The row counts the turns
// of patient workers, which should not suffer from what cancelled waits leave behind.
var storm = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "storm", Turn: "acquisition by patient workers", About: "as many impatient workers give up after 200 µs",
		Params:  common,
		Metrics: []harness.Metric{cancelled},
		Needs:   []impls.Promise{impls.Cancellable}, Probes: []impls.Promise{impls.Cancellable},
		CurveAxis: load.Goroutines, Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(8, 64), permitCount.In(2), load.Hold.In(0, 10_000)),
			},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(4, 16), permitCount.In(1, 2), load.Hold.In(0, 100_000)),
			},
		},
	},
	Run: runStorm,
}

var cancelled = harness.Metric{Unit: "cancelled/op", About: "cancelled waits for each acquisition by patient workers"}

// patience is how long an impatient worker waits.
const patience = 200 * time.Microsecond

func runStorm(t *harness.Trial, newSemaphore sems.New) error {
	n, size := load.Goroutines.Of(t), permitCount.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(size), newLimit(size)
		w.While(l.free)
		var ended atomic.Uint64
		w.Go("patient", n, func(w *harness.Worker) { turn(w, s, l, 1, hold, think) })
		w.Go("impatient", n, func(w *harness.Worker) {
			for w.Next() {
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				if err := s.Acquire(ctx, 1); err != nil {
					ended.Add(1)
				} else {
					l.enter(w, 1)
					w.Spin(hold)
					l.leave(1)
					s.Release(1)
				}
				cancel()
				w.Think(think)
			}
		})
		w.Check(func() error {
			w.Set(cancelled, float64(ended.Load())/float64(max(w.Turns("patient"), 1)))
			return l.settled(s, size)
		})
		return nil
	})
}
