package load

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
)

// late is how long after the event that it waits for a waiter may wake up. A timer that
// looks for lost wake-ups takes longer.
const late = time.Millisecond

// CheckWake plays rounds for a window, which return what WakeUp returned, in turn with a
// control. It fails the window when the subject's waiter wakes up late more often than
// the control's, or too early.
func CheckWake(t *harness.Trial, round func(*rand.Rand) time.Duration) error {
	return CheckAgainst(t,
		func(rng *rand.Rand) (bool, error) {
			took := round(rng)
			if took < 0 {
				return false, fmt.Errorf("a waiter went on %v before the event that it waited for", -took)
			}
			return took <= late, nil
		},
		func(rng *rand.Rand) (bool, error) {
			var queue Queue
			queue.Lock()
			return WakeUp(rng, queue.Pass, queue.Unlock) <= late, nil
		},
		"a waiter woke up more than 1 ms after the event that it waited for")
}

// WakeUp starts wait on a goroutine, gives it a random time to go to sleep, calls event,
// and returns how long after that wait returned.
func WakeUp(rng *rand.Rand, wait, event func()) time.Duration {
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
	Pause(rng, time.Millisecond)
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
