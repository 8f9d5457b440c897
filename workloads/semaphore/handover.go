package semaphore

import (
	"context"
	"math"
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
)

// mostDelay is how long the holder waits at most before it releases, in steps of the spin: about as long as the
// partner takes to go from its look at the permits to its wait.
const mostDelay = 400

// A baton is a number that one worker waits for and another one sets. It is waited for by looking at it again and again,
// so that both go on at the same time: a channel would wake the partner microseconds later.
type baton struct {
	_      [128]byte
	number atomic.Int64
	_      [120]byte
}

func (b *baton) await(number int64) {
	for turn := 1; b.number.Load() < number; turn++ {
		if turn%64 == 0 {
			runtime.Gosched()
		}
	}
}

// over is the number of the round after the last.
const over = math.MaxInt64

// handover releases the only permit just as a partner begins to wait for it, and nobody releases again: a wake-up
// that is lost between the partner's look and its wait is lost for good, and the watchdog sees it.
func handover(t *harness.Trial, newSemaphore sems.New) error {
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(1), &limit{most: 1}
		var start, done baton
		acquire := func(w *harness.Worker) {
			if err := s.Acquire(context.Background(), 1); err != nil {
				w.Fail(err)
			}
		}
		w.Go("round", 1, func(w *harness.Worker) {
			for round := int64(1); w.Next(); round++ {
				acquire(w)
				start.number.Store(round)
				w.Spin(w.Rand().IntN(mostDelay))
				s.Release(1)
				done.await(round)
			}
		}, harness.Then(func() { start.number.Store(over) }))
		w.Go("partner", 1, func(w *harness.Worker) {
			for round := int64(1); w.Next(); round++ {
				start.await(round)
				if start.number.Load() == over {
					w.Undo()
					return
				}
				acquire(w)
				s.Release(1)
				done.number.Store(round)
			}
		}, harness.After("round"))
		w.Check(func() error { return l.settled(s, 1) })
		return nil
	})
}
