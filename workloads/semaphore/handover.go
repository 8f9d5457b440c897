package semaphore

import (
	"context"
	"math"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// mostDelay is how long the holder waits at most before it releases, in steps of the spin: about as long as the
// partner takes to go from its look at the permits to its wait.
const mostDelay = 400

// over is the number of the round after the last.
const over = math.MaxInt64

// handover releases the only permit just as a partner begins to wait for it, and nobody releases again: a wake-up
// that is lost between the partner's look and its wait is lost for good, and the watchdog sees it.
func handover(t *harness.Trial, newSemaphore sems.New) error {
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(1), &limit{most: 1}
		var start, done load.Baton
		acquire := func(w *harness.Worker) {
			if err := s.Acquire(context.Background(), 1); err != nil {
				w.Fail(err)
			}
		}
		w.Go("round", 1, func(w *harness.Worker) {
			for round := int64(1); w.Next(); round++ {
				acquire(w)
				start.Set(round)
				w.Spin(w.Rand().IntN(mostDelay))
				s.Release(1)
				done.Await(round)
			}
		}, harness.Then(func() { start.Set(over) }))
		w.Go("partner", 1, func(w *harness.Worker) {
			for round := int64(1); w.Next(); round++ {
				if start.Await(round) == over {
					w.Undo()
					return
				}
				acquire(w)
				s.Release(1)
				done.Set(round)
			}
		}, harness.After("round"))
		w.Check(func() error { return l.settled(s, 1) })
		return nil
	})
}
