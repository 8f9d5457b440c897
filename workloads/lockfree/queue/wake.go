package queue

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one waiter or a few, and as many values or as much room as there are waiters:
// nothing else touches the queue. A wake-up that is lost hangs the round. One that a
// timer replaces comes late. The controls are a channel, and one whose waiters spin.
var wake = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "wake", Turn: "3 rounds", About: "a value or room for each waiter is the only event that can wake it",
		Needs: []impls.Promise{queues.Waits}, Probes: []impls.Promise{queues.Waits}, Allocates: true,
		Points: harness.Points{Stress: load.Once},
	},
	Method: waitsMethod,
	Run: func(t *harness.Trial, create queues.New[uint64]) error {
		sleeps := func(n int) queues.Queue[uint64] { return queues.NewChannel[uint64](n) }
		spins := func(n int) queues.Queue[uint64] { return spinning{queues.NewPolled[uint64](n)} }
		return load.CheckAgainst(t, wakeUps(t, create), load.Both(wakeUps(t, sleeps), wakeUps(t, spins)),
			"a waiter woke up more than 1 ms after its value or its room came")
	},
}

// spinning is a channel whose waiters spin.
type spinning struct{ queues.Polled[uint64] }

func (q spinning) Enqueue(v uint64) bool {
	load.SpinUntil(func() bool { return q.Polled.Enqueue(v) })
	return true
}

func (q spinning) Dequeue() (v uint64, ok bool) {
	load.SpinUntil(func() bool {
		v, ok = q.Polled.Dequeue()
		return ok
	})
	return v, ok
}

func waitsMethod(create queues.New[uint64]) (string, bool) {
	_, ok := create(room).(queues.Waiting[uint64])
	return "Waits()", ok
}

const (
	// late is how long after its event a waiter may wake up. A timer that looks for lost
	// wake-ups takes longer.
	late = time.Millisecond
	// maxWaiters is few, so that all of them can run within that time.
	maxWaiters = 3
)

// wakeUps returns the round of a queue.
func wakeUps(t *harness.Trial, create queues.New[uint64]) load.Round {
	manyIn, manyOut := t.Promises(queues.MultiProducer), t.Promises(queues.MultiConsumer)
	bounded := t.Promises(impls.Bounded)
	return func(w *harness.Worker) (bool, error) {
		rng := w.Rand()
		forRoom, waiters := bounded && rng.IntN(2) == 0, 1
		if forRoom && manyIn || !forRoom && manyOut {
			waiters = 1 + rng.IntN(maxWaiters)
		}
		n := room << rng.IntN(3) // a power of two, so that no queue rounds it up
		x := &waking{queue: create(n), woken: make(chan woken, waiters)}
		x.age(rng)
		give := x.giveValues
		if forRoom {
			give = func(rng *rand.Rand, waiters int) (time.Duration, error) { return x.giveRoom(rng, n, waiters) }
		}
		took, err := give(rng, waiters)
		return took <= late, err
	}
}

// waking is the waiters of one round.
type waking struct {
	queue   queues.Queue[uint64]
	started atomic.Int64
	woken   chan woken
}

type woken struct {
	at    time.Time
	value uint64
	ok    bool
}

// maxAge is more values than a segment holds.
const maxAge = 5000

// age passes some values, so that the queue may be anywhere in its ring or its segment:
// the wake-up could be forgotten where one ends.
func (x *waking) age(rng *rand.Rand) {
	for range int(math.Exp(rng.Float64() * math.Log(maxAge))) {
		x.queue.Enqueue(1)
		x.queue.Dequeue()
	}
}

// wait starts waiters, and gives them some time to go to sleep.
func (x *waking) wait(rng *rand.Rand, waiters int, call func(i int) (uint64, bool)) {
	for i := range waiters {
		go func() {
			x.started.Add(1)
			v, ok := call(i)
			x.woken <- woken{time.Now(), v, ok}
		}()
	}
	for x.started.Load() < int64(waiters) {
		runtime.Gosched()
	}
	load.Pause(rng, time.Millisecond)
}

var errEarly = errors.New("a waiter went on before the value or the room that it waited for")

// await returns how long after an instant the last waiter woke up, and the sum of what
// all of them got. Its error is gaveUp if a waiter's call returned false.
func (x *waking) await(since time.Time, waiters int, gaveUp error) (took time.Duration, sum uint64, err error) {
	for range waiters {
		switch r := <-x.woken; {
		case !r.ok:
			return 0, 0, gaveUp
		case r.at.Before(since):
			return 0, 0, errEarly
		default:
			took = max(took, r.at.Sub(since))
			sum += r.value
		}
	}
	return took, sum, nil
}

// giveValues has waiters wait for values, which come all at once.
func (x *waking) giveValues(rng *rand.Rand, waiters int) (time.Duration, error) {
	x.wait(rng, waiters, func(int) (uint64, bool) { return x.queue.Dequeue() })
	at, want := time.Now(), uint64(0)
	for i := range uint64(waiters) {
		x.queue.Enqueue(i + 1)
		want += i + 1
	}
	took, sum, err := x.await(at, waiters, errGaveUp)
	if err == nil && sum != want {
		err = fmt.Errorf("values that add up to %d came out, want %d", sum, want)
	}
	return took, err
}

// giveRoom has waiters wait for room in a queue that holds n values, of which as many
// come out as there are waiters.
func (x *waking) giveRoom(rng *rand.Rand, n, waiters int) (time.Duration, error) {
	want := uint64(0)
	for i := range uint64(n) {
		x.queue.Enqueue(i + 1)
		want += i + 1
	}
	x.wait(rng, waiters, func(i int) (uint64, bool) {
		v := uint64(n + i + 1)
		return v, x.queue.Enqueue(v)
	})
	at, sum := time.Now(), uint64(0)
	for range waiters {
		v, _ := x.queue.Dequeue()
		sum += v
	}
	took, added, err := x.await(at, waiters, errRefused)
	if err != nil {
		return took, err
	}
	for range n {
		v, _ := x.queue.Dequeue()
		sum += v
	}
	if sum != want+added {
		err = fmt.Errorf("values that add up to %d came out, want %d", sum, want+added)
	}
	return took, err
}
