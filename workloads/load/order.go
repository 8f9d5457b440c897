package load

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
)

// Rounds is the body of a load that checks a promise round by round: one worker, whose
// turn is a round, usually on a fresh subject. A round that returns an error fails the
// window.
func Rounds(t *harness.Trial, round func(*rand.Rand) error) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := round(w.Rand()); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// ArrivalGap is the time between two arrivals: enough for the first to queue up.
const ArrivalGap = 50 * time.Microsecond

// QueueUp starts f on a goroutine of group, and returns when it should be waiting. An
// arrival cannot be seen from outside, so what depends on it is judged over many rounds.
func QueueUp(group *sync.WaitGroup, f func()) {
	var started atomic.Bool
	group.Go(func() {
		started.Store(true)
		f()
	})
	for !started.Load() {
		runtime.Gosched()
	}
	time.Sleep(ArrivalGap)
}

const (
	minOrdered = 0.5 // share of rounds in which a promise of order must hold
	minRounds  = 5   // before a verdict
)

// CheckOrder plays rounds for a window and fails it when too few were right; complaint
// says what went wrong. A waiter may be preempted just before it queues up, so one wrong
// round proves nothing.
func CheckOrder(t *harness.Trial, round func() bool, complaint string) error {
	return t.Window(func(w *harness.Window) error {
		var rounds, right int
		w.Lasts(50 * time.Millisecond)
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				rounds++
				if round() {
					right++
				}
			}
		})
		w.Check(func() error {
			if rounds >= minRounds && float64(right) < minOrdered*float64(rounds) {
				return fmt.Errorf("%s in %d of %d rounds", complaint, rounds-right, rounds)
			}
			return nil
		})
		return nil
	})
}
