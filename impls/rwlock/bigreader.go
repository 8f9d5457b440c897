package rwlock

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls"
)

// BigReader gives readers many places to count themselves, so that they do not disturb each other; a writer looks at all.
//
// Source: the big-reader lock of Linux 2.4 (brlock); Hsieh and Weihl, Scalable Reader-Writer Locks for Parallel Systems, IPPS 1992, §3.
// Progress: one writer at a time holds later readers back; a reader that meets one stands in the writers' line, so nobody starves. A
// writer looks for a moment whether the readers have left, and then sleeps.
// Space: a line of 128 bytes for each of four places a processor.
// Ordering: a reader counts itself before it looks for a writer, and a writer raises its flag before it looks for readers: of two that
// meet, one sees the other, since sync/atomic is sequentially consistent.
// Wins when readers are many and short; loses when writers are usual, for each looks at every place.
// Make one with NewBigReader. It must not be copied.
type BigReader struct {
	mu      sync.Mutex // of writers
	writer  atomic.Bool
	readers drain
	stripes []stripe
}

// A stripe is a place for some readers to count themselves.
type stripe struct {
	readers atomic.Int64
	_       [cacheLine - 8]byte // a place of its own line
}

// NewBigReader returns an unlocked lock.
func NewBigReader() *BigReader {
	l := new(BigReader)
	l.init()
	return l
}

func (l *BigReader) init() { l.readers, l.stripes = newDrain(), make([]stripe, impls.Places()) }

// place is the stripe of the calling goroutine. The one who counted itself there keeps it, as its token.
func (l *BigReader) place() *stripe { return &l.stripes[impls.Spread()&uint64(len(l.stripes)-1)] }

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

// Unlock lets everybody try; misuse ends the process.
func (l *BigReader) Unlock() {
	l.writer.Store(false)
	l.mu.Unlock()
}

// RLock counts a reader, and takes it back if a writer is there.
func (l *BigReader) RLock() Token {
	s := l.place()
	s.readers.Add(1)
	if l.writer.Load() {
		l.RUnlock(s)
		l.wait(s)
	}
	return s
}

// wait counts a reader when it is its turn among the writers, and so no writer is inside.
func (l *BigReader) wait(s *stripe) {
	l.mu.Lock()
	s.readers.Add(1)
	l.mu.Unlock()
}

// RUnlock leaves; it panics when the place of the token counts no reader.
func (l *BigReader) RUnlock(t Token) {
	if t.(*stripe).readers.Add(-1) < 0 {
		panic("rwlock: RUnlock of a BigReader that no reader holds")
	}
	l.readers.leaves()
}
