package load

import (
	"math/rand/v2"
	"runtime"
	"sort"
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
func Gap() { gap(ArrivalGap) }

func gap(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
		runtime.Gosched()
	}
}

// QueueUp starts f on a goroutine of group, and returns when it should be waiting. An
// arrival cannot be seen from outside, so what depends on it is judged over many rounds.
func QueueUp(group *sync.WaitGroup, f func()) { arrive(group, f, ArrivalGap) }

func arrive(group *sync.WaitGroup, f func(), d time.Duration) {
	var started atomic.Bool
	group.Go(func() {
		started.Store(true)
		f()
	})
	for !started.Load() {
		runtime.Gosched()
	}
	gap(d)
}

// Waiters is the length of a line.
var Waiters = harness.Param[int]{
	Key: "waiters", About: "goroutines that queue up, 2 to 1000", Default: 4,
	Valid: harness.Between(2, 1000), Crowd: true,
}

const (
	// lineTime is what the gaps between the arrivals of a long line take together.
	lineTime = time.Millisecond
	// leastGap is the gap between two arrivals of a long line.
	leastGap = 10 * time.Microsecond
	// outOfPlace is the reciprocal of the share of a line that may be out of place.
	outOfPlace = 16
)

// LineUp has n goroutines queue up one after the other; f gets the number of each.
// Arrivals of a long line are closer, so that a window has enough rounds. Each goroutine
// that comes or is done shows that w makes progress.
func LineUp(w *harness.Worker, group *sync.WaitGroup, n int, f func(i int)) {
	d := min(max(lineTime/time.Duration(n), leastGap), ArrivalGap)
	for i := range n {
		arrive(group, func() {
			f(i)
			w.Alive()
		}, d)
		w.Alive()
	}
}

// InOrder reports whether waiters were served in the order of their numbers. In a long
// line a few may be out of place, because they were preempted before they queued up.
func InOrder(served []int) bool {
	return len(served)-ascending(served) <= len(served)/outOfPlace
}

// ascending is the length of the longest ascending subsequence.
func ascending(numbers []int) int {
	var ends []int // the least last number of a subsequence, by its length
	for _, n := range numbers {
		at := sort.SearchInts(ends, n)
		if at == len(ends) {
			ends = append(ends, n)
		} else {
			ends[at] = n
		}
	}
	return len(ends)
}

// CheckOrder plays rounds of n waiters for a window. It fails the window when the subject
// serves them out of order more often than a queue that keeps the order. complaint says
// what went wrong.
func CheckOrder(t *harness.Trial, n int, round func(*harness.Worker) bool, complaint string) error {
	return CheckAgainst(t,
		func(w *harness.Worker) (bool, error) { return round(w), nil },
		func(w *harness.Worker) (bool, error) { return InOrder(ServedBy(w, new(Queue), n)), nil },
		complaint)
}

// ServedBy has n waiters queue up for a lock that is held, releases it, and returns them
// in the order in which they got it.
func ServedBy(w *harness.Worker, lock sync.Locker, n int) []int {
	var got []int
	var group sync.WaitGroup
	lock.Lock()
	LineUp(w, &group, n, func(i int) {
		lock.Lock()
		got = append(got, i)
		lock.Unlock()
	})
	lock.Unlock()
	group.Wait()
	return got
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
