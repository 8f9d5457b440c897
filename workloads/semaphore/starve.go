package semaphore

import (
	"context"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// starve has one worker come now and then among others that come back at once, half of
// them by TryAcquire. A semaphore that promises to starve no waiter serves each in the end.
var starve = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "starve", Turn: "acquisition by the lone worker",
		About:  "a worker comes now and then among others that come back at once, and each must be served",
		Params: []harness.AnyParam{load.Goroutines, permitCount, load.Hold},
		Needs:  []impls.Promise{impls.StarvationFree}, Probes: []impls.Promise{impls.StarvationFree},
		Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(2, 4, 8), permitCount.In(1, 2), load.Hold.In(0, 1000, 20_000)),
		}},
	},
	Run: runStarve,
}

func runStarve(t *harness.Trial, newSemaphore sems.New) error {
	n, size, hold := load.Goroutines.Of(t), permitCount.Of(t), t.Spins(load.Hold.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(size), newLimit(size)
		lone, others := new(load.Victim), load.NewVictims(n)
		acquire := func(w *harness.Worker) {
			if err := s.Acquire(context.Background(), 1); err != nil {
				w.Fail(err)
			}
			l.enter(w, 1)
		}
		release := func() {
			l.leave(1)
			s.Release(1)
		}
		w.Go("lone", 1, func(w *harness.Worker) {
			for w.Next() {
				load.Pause(w.Rand(), time.Millisecond)
				lone.Waits()
				acquire(w)
				lone.Served()
				release()
			}
		}, harness.Then(lone.Leaves))
		w.Go("other", n, func(w *harness.Worker) {
			me := others.Of(w)
			for w.Next() && (!lone.Over() || !others.Rest(w)) {
				me.Waits()
				if w.ID%2 == 0 && s.TryAcquire(1) {
					l.enter(w, 1)
				} else {
					acquire(w)
				}
				me.Served()
				lone.Pass(w)
				others.Pass(w)
				w.Spin(hold)
				release()
			}
		}, harness.After("lone"))
		w.Check(func() error { return l.settled(s, size) })
		return nil
	})
}
