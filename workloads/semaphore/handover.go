package semaphore

import (
	"context"
	"math"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// handover releases the only permit just as a partner starts to wait for it, and nothing
// is released afterwards. A wake-up that is lost between the partner's look and its wait
// is lost forever, and the watchdog sees it.
var handover = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "handover", Turn: "handover",
		About:   "the only permit is released just as a partner starts to wait for it",
		Lasting: true,
		Points:  harness.Points{Standard: load.Once, Stress: load.Once},
	},
	Run: runHandover,
}

const (
	// maxDelay is how long the holder waits at most before it releases, in steps of the
	// spin: about as long as the partner takes from its look at the permits to its wait.
	maxDelay = 400
	// over is the number of the round after the last.
	over = math.MaxInt64
)

func runHandover(t *harness.Trial, newSemaphore sems.New) error {
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(1), newLimit(1)
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
				w.Spin(w.Rand().IntN(maxDelay))
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
