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

// longest is a wait that is long enough for a waiter to run out of patience.
const longest = time.Second

// A WakeRound returns how long after an event a waiter went on that waits for it. The
// event comes after the pause; see WakeUp. An error fails the window at once.
type WakeRound func(rng *rand.Rand, pause func()) (took time.Duration, err error)

// play plays a round. A waiter must not go on before its event.
func (r WakeRound) play(rng *rand.Rand, pause func()) (time.Duration, error) {
	took, err := r(rng, pause)
	if took < 0 {
		err = errors.Join(err, fmt.Errorf("a waiter went on %v before the event that it waited for", -took))
	}
	return took, err
}

// CheckWake plays rounds for a window, in turn with a control. It fails the window when
// the subject's waiter wakes up late more often than the control's, or too early.
func CheckWake(t *harness.Trial, round WakeRound) error {
	everywhere := t.CarryAcross(carried{"control"}, fresh).(*tried)
	subject := func(w *harness.Worker) (bool, error) {
		took, err := round.play(w.Rand(), func() { Pause(w.Rand(), time.Millisecond) })
		return took <= late, err
	}
	return checkAgainst(t, subject, Both(wakeSleeper, wakeSpinner), everywhere,
		"a waiter woke up more than 1 ms after the event that it waited for")
}

// wakeSleeper is a control's round with a waiter that sleeps.
func wakeSleeper(w *harness.Worker) (bool, error) {
	var queue Queue
	queue.Lock()
	return WakeUp(func() { Pause(w.Rand(), time.Millisecond) }, queue.Pass, queue.Unlock) <= late, nil
}

// wakeSpinner is a control's round with a waiter that spins. On a busy machine it is late
// more often than one that sleeps, because it has used up its time slice.
func wakeSpinner(w *harness.Worker) (bool, error) {
	var event atomic.Bool
	return WakeUp(func() { Pause(w.Rand(), time.Millisecond) },
		func() { SpinUntil(event.Load) }, func() { event.Store(true) }) <= late, nil
}

// SpinUntil waits for a condition as the textbooks' spin locks do: it never yields, unless
// there is one processor only.
func SpinUntil(holds func() bool) {
	for alone := runtime.GOMAXPROCS(0) == 1; !holds(); {
		if alone {
			runtime.Gosched()
		}
	}
}

// A Waking is a way to wake a waiter.
type Waking struct {
	Event string
	Round WakeRound
}

// CheckWakings is CheckWake for a subject with several events that wake a waiter. A window
// plays rounds of one of them: if one in many went wrong, too few of all rounds would.
func CheckWakings(t *harness.Trial, kinds []Waking) error {
	var kind *Waking
	err := CheckWake(t, func(rng *rand.Rand, pause func()) (time.Duration, error) {
		if kind == nil {
			kind = &kinds[rng.IntN(len(kinds))]
		}
		return kind.Round(rng, pause)
	})
	if err == nil || kind == nil { // nil: no round was played
		return err
	}
	return fmt.Errorf("%s: %w", kind.Event, err)
}

// CheckLongWait plays rounds of several kinds beside each other. In the first ones of a
// stress run, all waiters wait from a third of a second to a second, and none may go on
// before its event. Later ones wait for 1 ms, because a run has time for one long wait.
func CheckLongWait(t *harness.Trial, kinds ...WakeRound) error {
	most := t.Carry(longWait{}, func() any {
		most := longest
		return &most
	}).(*time.Duration)
	return Rounds(t, func(rng *rand.Rand) error {
		wait := *most/3 + time.Duration(rng.Int64N(int64(*most*2/3)))
		*most = time.Millisecond
		errs := make([]error, len(kinds))
		var group sync.WaitGroup
		for i, round := range kinds {
			rng := rand.New(rand.NewPCG(rng.Uint64(), 0))
			group.Go(func() { _, errs[i] = round.play(rng, func() { time.Sleep(wait) }) })
		}
		group.Wait()
		return errors.Join(errs...)
	})
}

// longWait is the key of how long the waiters of the next window wait.
type longWait struct{}

// WakeUp starts wait on a goroutine, pauses so that it may go to sleep, calls event,
// and returns how long after that wait returned.
func WakeUp(pause, wait, event func()) time.Duration {
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
