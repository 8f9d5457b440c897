package mutex

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
)

// A lock that keeps the order of its first 16 waiters only.
func TestOrderFindsALongLineOutOfOrder(t *testing.T) {
	harness.Finds(t, liar(func() sync.Locker { return &jumbled{front: 16} }, impls.FIFO), "order", "first in, first out")
}

// A lock that takes a holder for dead after 200 ms.
func TestLongWaitFindsALockThatIsTakenFromItsHolder(t *testing.T) {
	harness.Finds(t, liar(func() sync.Locker { return new(impatient) }), "long-wait", "before the event")
}

type impatient struct{ mu sync.Mutex }

func (l *impatient) Lock() {
	for start := time.Now(); !l.mu.TryLock(); runtime.Gosched() {
		if time.Since(start) > 200*time.Millisecond {
			return
		}
	}
}

func (l *impatient) Unlock() {
	l.mu.TryLock()
	l.mu.Unlock()
}

// Tickets of twenty bits that are compared by their size.
func TestAgedFindsTicketsThatWrap(t *testing.T) {
	implstest.RaceShowsFirst(t)
	harness.Finds(t, liar(func() sync.Locker { return new(ticket20Bit) }),
		"aged", "at once", "lost updates", "have not returned")
}

type ticket20Bit struct{ next, serving atomic.Uint32 }

const bits20 = 1<<20 - 1

func (l *ticket20Bit) Lock() {
	for mine := (l.next.Add(1) - 1) & bits20; l.serving.Load()&bits20 < mine; {
		runtime.Gosched()
	}
}

func (l *ticket20Bit) Unlock() { l.serving.Add(1) }

// A lock whose Unlock takes a look at the sleepers first. Its waiter may go to sleep in
// between.
func TestHandoverFindsALostWakeUp(t *testing.T) {
	harness.Finds(t, liar(func() sync.Locker { return &looksFirst{wake: make(chan struct{}, 1)} }),
		"handover", "have not returned")
}

type looksFirst struct {
	held, sleepers atomic.Int32
	wake           chan struct{}
}

func (l *looksFirst) Lock() {
	if l.held.CompareAndSwap(0, 1) {
		return
	}
	l.sleepers.Add(1)
	for !l.held.CompareAndSwap(0, 1) {
		<-l.wake
	}
	l.sleepers.Add(-1)
}

func (l *looksFirst) Unlock() {
	asleep := l.sleepers.Load() > 0
	l.held.Store(0)
	if asleep {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}
