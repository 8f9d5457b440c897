package mutex

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
)

// A lock that keeps the order of its first 16 waiters only.
func TestOrderFindsALongLineOutOfOrder(t *testing.T) {
	harness.Finds(t, liar(func() sync.Locker { return new(twoLines) }, impls.FIFO), "order", "first in, first out")
}

// twoLines serves the waiters that it has no room for in its line last in, first out.
type twoLines struct {
	mu    sync.Mutex
	held  bool
	line  []chan struct{}
	crowd []chan struct{}
}

func (l *twoLines) Lock() {
	l.mu.Lock()
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return
	}
	wake := make(chan struct{})
	if len(l.line) < 16 && len(l.crowd) == 0 {
		l.line = append(l.line, wake)
	} else {
		l.crowd = append(l.crowd, wake)
	}
	l.mu.Unlock()
	<-wake
}

func (l *twoLines) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	var next chan struct{}
	switch last := len(l.crowd) - 1; {
	case len(l.line) > 0:
		next, l.line = l.line[0], l.line[1:]
	case last >= 0:
		next, l.crowd = l.crowd[last], l.crowd[:last]
	default:
		l.held = false
		return
	}
	close(next)
}

// A lock that takes a holder for dead after 200 ms.
func TestWakeFindsALockThatIsTakenFromItsHolder(t *testing.T) {
	harness.Finds(t, liar(func() sync.Locker { return new(impatient) }), "wake", "before the event")
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
	harness.Finds(t, liar(func() sync.Locker { return new(ticket20Bit) }), "aged", "at once", "lost updates", "have not returned")
}

type ticket20Bit struct{ next, serving atomic.Uint32 }

const bits20 = 1<<20 - 1

func (l *ticket20Bit) Lock() {
	for mine := (l.next.Add(1) - 1) & bits20; l.serving.Load()&bits20 < mine; {
		runtime.Gosched()
	}
}

func (l *ticket20Bit) Unlock() { l.serving.Add(1) }
