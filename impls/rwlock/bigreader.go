package rwlock

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// BigReader lets readers count themselves in many stripes, so that they do not disturb
// each other. A writer looks at every stripe.
//
// Source: the big-reader lock of Linux 2.4 (brlock); Hsieh and Weihl, Scalable
// Reader-Writer Locks for Parallel Systems, IPPS 1992, §3.
// Progress: a writer that waits for readers holds later ones back. A reader that meets a
// writer queues up with the writers, so neither starves. Between two writers, readers may
// enter. A writer spins for the readers inside and then sleeps.
// Space: a cache line for each of four stripes a processor.
// Ordering: a reader counts itself and then looks for a writer. A writer raises its flag
// and then looks for readers. Both are sequentially consistent, so one of them sees the
// other.
// Wins with many short readers, because they use separate cache lines. Loses with
// frequent writers, because each looks at every stripe.
// Make one with NewBigReader. It must not be copied.
type BigReader struct {
	mu      sync.Mutex // of writers
	writer  atomic.Bool
	readers drain
	stripes []stripe
}

// A stripe is where some of the readers count themselves.
type stripe struct {
	readers atomic.Int64
	_       [cpu.Line - 8]byte // its own cache line
}

// NewBigReader returns an unlocked lock.
func NewBigReader() *BigReader {
	l := new(BigReader)
	l.init()
	return l
}

func (l *BigReader) init() { l.readers, l.stripes = newDrain(), make([]stripe, cpu.Places()) }

// stripe returns the stripe of the calling goroutine. A reader keeps it as its token.
func (l *BigReader) stripe() *stripe { return &l.stripes[cpu.Spread()&uint64(len(l.stripes)-1)] }

// Lock holds new readers back and waits for those that are inside.
func (l *BigReader) Lock() {
	l.mu.Lock()
	l.writer.Store(true)
	for i := range l.stripes {
		if s := &l.stripes[i]; s.readers.Load() != 0 {
			l.readers.wait(func() bool { return s.readers.Load() == 0 })
		}
	}
}

// Unlock lets readers and writers in. Misuse ends the process.
func (l *BigReader) Unlock() {
	l.writer.Store(false)
	l.mu.Unlock()
}

// RLock counts a reader, and takes that back if there is a writer.
func (l *BigReader) RLock() Token {
	s := l.stripe()
	s.readers.Add(1)
	if l.writer.Load() {
		l.RUnlock(s)
		l.wait(s)
	}
	return s
}

// wait counts a reader while it has the writers' lock, and so while no writer is inside.
func (l *BigReader) wait(s *stripe) {
	l.mu.Lock()
	s.readers.Add(1)
	l.mu.Unlock()
}

// RUnlock leaves. It panics if the token's stripe counts no reader.
func (l *BigReader) RUnlock(t Token) {
	if t.(*stripe).readers.Add(-1) < 0 {
		panic("rwlock: RUnlock of a BigReader without a reader")
	}
	l.readers.leaves()
}
