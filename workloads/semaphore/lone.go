package semaphore

import (
	"context"
	"runtime"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// lone has a heavy worker, which needs both permits, come among light ones, which need
// one each. Light workers overlap: each keeps its permit until another one has the other.
// Some of them only try.
var lone = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "lone", Turn: "acquisition by the heavy worker",
		About:  "a worker that needs all permits comes among others that always overlap, and must get them",
		Needs:  []impls.Promise{impls.StarvationFree, sems.Weighted},
		Probes: []impls.Promise{impls.StarvationFree},
		Points: harness.Points{Stress: load.Once},
	},
	Run: runLone,
}

func runLone(t *harness.Trial, newSemaphore sems.New) error {
	const size, acquiring, many = 2, 4, 6
	return t.Window(func(w *harness.Window) error {
		s, l, holding, victim := newSemaphore(size), newLimit(size), new(load.Gathering), new(load.Victim)
		acquire := func(w *harness.Worker, n int) {
			if err := s.Acquire(context.Background(), n); err != nil {
				w.Fail(err)
			}
			l.enter(w, n)
		}
		release := func(n int) {
			l.leave(n)
			s.Release(n)
		}
		w.Go("heavy", 1, func(w *harness.Worker) {
			for w.Next() {
				holding.WaitFor(size)
				victim.Waits()
				acquire(w, size)
				victim.Served()
				release(size)
				load.Yields(0, 1)
			}
		}, harness.Then(victim.Leaves))
		w.Go("light", many, func(w *harness.Worker) {
			for w.Next() && !victim.Over() {
				if w.ID < acquiring {
					acquire(w, 1)
				} else if s.TryAcquire(1) {
					l.enter(w, 1)
				} else {
					runtime.Gosched()
					continue
				}
				victim.Pass(w)
				holding.Join()
				holding.Leave(1)
				release(1)
			}
		}, harness.After("heavy"))
		w.Check(func() error { return l.settled(s, size) })
		return nil
	})
}
