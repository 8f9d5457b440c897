package load

import (
	"math/rand/v2"
	"runtime"
	"slices"
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

// Gap lets others run for as long as a goroutine needs to queue up. It does not sleep,
// since that takes a millisecond on a busy machine, and a window must have many rounds.
func Gap() {
	for start := time.Now(); time.Since(start) < ArrivalGap; {
		runtime.Gosched()
	}
}

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
	Gap()
}

// CheckOrder plays rounds for a window, and fails it when the subject serves its waiters
// out of order more often than a queue that keeps the order. complaint says what went
// wrong.
func CheckOrder(t *harness.Trial, round func() bool, complaint string) error {
	return CheckAgainst(t,
		func(*rand.Rand) (bool, error) { return round(), nil },
		func(*rand.Rand) (bool, error) { return queueInOrder(), nil },
		complaint)
}

// queueInOrder plays a round with a queue of waiters that is right by construction. It
// goes wrong when a waiter is preempted before it queues up.
func queueInOrder() bool {
	const waiters = 4
	var queue Queue
	var got []int
	var group sync.WaitGroup
	queue.Lock()
	for i := range waiters {
		QueueUp(&group, func() {
			queue.Lock()
			got = append(got, i)
			queue.Unlock()
		})
	}
	queue.Unlock()
	group.Wait()
	return slices.IsSorted(got)
}

// A Queue is the control of checks that depend on timing: a lock that hands over in order
// of arrival, and wakes each waiter through a channel of its own.
type Queue struct {
	mu      sync.Mutex
	held    bool
	waiters []chan struct{}
}

// Lock waits until the caller's turn has come.
func (q *Queue) Lock() {
	q.mu.Lock()
	if !q.held {
		q.held = true
		q.mu.Unlock()
		return
	}
	turn := make(chan struct{})
	q.waiters = append(q.waiters, turn)
	q.mu.Unlock()
	<-turn
}

// Pass acquires the lock and releases it.
func (q *Queue) Pass() {
	q.Lock()
	defer q.Unlock()
}

// Unlock hands over to the first waiter.
func (q *Queue) Unlock() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiters) == 0 {
		q.held = false
		return
	}
	close(q.waiters[0])
	q.waiters = q.waiters[1:]
}
