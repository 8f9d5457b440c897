package semaphore

import (
	"context"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// lone lets one that needs both permits come among others who need one each and overlap: each holds its own until another one
// has the other.
func lone(t *harness.Trial, newSemaphore sems.New) error {
	const permits, many = 2, 4
	return t.Window(func(w *harness.Window) error {
		s, l, holding, victim := newSemaphore(permits), &limit{most: permits}, new(load.Crowd), new(load.Victim)
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
				holding.Gather(permits)
				victim.Waits()
				acquire(w, permits)
				victim.Served()
				release(permits)
				load.Yields(0, 1)
			}
		}, harness.Then(victim.Leaves))
		w.Go("light", many, func(w *harness.Worker) {
			for w.Next() && !victim.Over() {
				acquire(w, 1)
				victim.Pass(w)
				holding.Come()
				holding.Go(1)
				release(1)
			}
		}, harness.After("heavy"))
		w.Check(func() error { return l.settled(s, permits) })
		return nil
	})
}
