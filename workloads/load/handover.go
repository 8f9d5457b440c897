package load

import (
	"math"

	"github.com/contendbench/contend/harness"
)

const (
	// maxDelay is how long the holder waits at most before it releases, in steps of the
	// spin: about as long as the partner takes from its look at the subject to its wait.
	maxDelay = 400
	// over is the number of the round after the last.
	over = math.MaxInt64
)

// HandOver declares roles that hand one subject over in rounds: the holder releases it
// just as a partner starts to wait for it, and nothing is released afterwards. A wake-up
// that is lost between the partner's look and its wait is lost forever, and the watchdog
// sees it.
func HandOver(w *harness.Window, acquire func(*harness.Worker), release func()) {
	var start, done Baton
	w.Go("round", 1, func(w *harness.Worker) {
		for round := int64(1); w.Next(); round++ {
			acquire(w)
			start.Set(round)
			w.Spin(w.Rand().IntN(maxDelay))
			release()
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
			release()
			done.Set(round)
		}
	}, harness.After("round"))
}
