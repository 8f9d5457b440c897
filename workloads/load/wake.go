package load

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
)

// late is how long after the event that it waits for a waiter may wake up. A timer that
// looks for lost wake-ups takes longer.
const late = time.Millisecond

// Pauses is how long a waiter waits at most.
var Pauses = harness.Param[int]{
	Key: "pause-ms", Default: 1, Valid: harness.Between(1, 10_000),
	About: "longest wait for the event, ms; above 1, only the first round of a stress run lasts so long",
}

// Long is the axis of a stress grid with one long wait, such as a waiter that runs out of
// patience needs.
var Long = Pauses.In(1000)

// A WakeRound returns how long after an event a waiter went on that waits for it. The
// event comes after the pause; see WakeUpAfter.
type WakeRound func(rng *rand.Rand, pause func()) time.Duration

// CheckWake plays rounds for a window, in turn with a control. It fails the window when
// the subject's waiter wakes up late more often than the control's, or too early.
func CheckWake(t *harness.Trial, round WakeRound) error {
	return CheckAgainst(t,
		func(w *harness.Worker) (bool, error) {
			took := round(w.Rand(), func() { Pause(w.Rand(), time.Millisecond) })
			return took <= late, notEarly(took)
		},
		func(w *harness.Worker) (bool, error) {
			var queue Queue
			queue.Lock()
			return WakeUp(w.Rand(), queue.Pass, queue.Unlock) <= late, nil
		},
		"a waiter woke up more than 1 ms after the event that it waited for")
}

func notEarly(took time.Duration) error {
	if took < 0 {
		return fmt.Errorf("a waiter went on %v before the event that it waited for", -took)
	}
	return nil
}

// CheckLongWait plays rounds of several kinds beside each other, for load.Pauses above 1.
// In the first ones of a stress run, all waiters wait from a third of that time to all of
// it, and none may go on before its event. Later ones wait for 1 ms, because a run has
// time for one long wait.
func CheckLongWait(t *harness.Trial, kinds ...WakeRound) error {
	longest := t.Carry(longWait{}, func() any {
		longest := time.Duration(Pauses.Of(t)) * time.Millisecond
		return &longest
	}).(*time.Duration)
	return Rounds(t, func(rng *rand.Rand) error {
		wait := *longest/3 + time.Duration(rng.Int64N(int64(*longest*2/3)))
		*longest = time.Millisecond
		errs := make([]error, len(kinds))
		var group sync.WaitGroup
		for i, round := range kinds {
			rng := rand.New(rand.NewPCG(rng.Uint64(), 0))
			group.Go(func() { errs[i] = notEarly(round(rng, func() { time.Sleep(wait) })) })
		}
		group.Wait()
		return errors.Join(errs...)
	})
}

// longWait is the key of how long the waiters of the next window wait.
type longWait struct{}

// WakeUp is WakeUpAfter with a random pause of up to 1 ms.
func WakeUp(rng *rand.Rand, wait, event func()) time.Duration {
	return WakeUpAfter(func() { Pause(rng, time.Millisecond) }, wait, event)
}

// WakeUpAfter starts wait on a goroutine, pauses so that it may go to sleep, calls event,
// and returns how long after that wait returned.
func WakeUpAfter(pause, wait, event func()) time.Duration {
	var started atomic.Bool
	woken := make(chan time.Time, 1)
	go func() {
		started.Store(true)
		wait()
		woken <- time.Now()
	}()
	for !started.Load() {
		runtime.Gosched()
	}
	pause()
	at := time.Now()
	event()
	return (<-woken).Sub(at)
}

// Pause waits for a random time from 100 ns to longest; the logarithm of the time is
// uniform. What a waiter does in that time is different for each: it looks, it spins, it
// goes to sleep, it sleeps.
func Pause(rng *rand.Rand, longest time.Duration) {
	const shortest = 100 * time.Nanosecond
	d := time.Duration(float64(shortest) * math.Exp(rng.Float64()*math.Log(float64(longest/shortest))))
	if d > 100*time.Microsecond {
		time.Sleep(d)
		return
	}
	for start := time.Now(); time.Since(start) < d; {
		runtime.Gosched()
	}
}
