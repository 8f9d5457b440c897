package rwlock

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// BigReader gives readers many places to count themselves, so that they do not disturb each other; a writer looks at all.
//
// Source: the big-reader lock of Linux 2.4 (brlock); Hsieh and Weihl, Scalable Reader-Writer Locks for Parallel Systems, IPPS 1992, §3.
// Progress: one writer at a time holds later readers back; a reader may be overtaken by one writer after another.
// Space: a line of 128 bytes for each of four places a processor.
// Ordering: a reader counts itself before it looks for a writer, and a writer raises its flag before it looks for readers: of two that
// meet, one sees the other, since sync/atomic is sequentially consistent.
// Wins with many processors and rare writers; loses as soon as writers are usual, for each looks at every place.
// Make one with NewBigReader. It must not be copied.
type BigReader struct {
	mu      sync.Mutex // of writers
	writer  atomic.Bool
	stripes []stripe
}

// A stripe is a place for some readers to count themselves.
type stripe struct {
	readers atomic.Int64
	_       [cacheLine - 8]byte // a place of its own line
}

// NewBigReader returns an unlocked lock.
func NewBigReader() *BigReader { return &BigReader{stripes: newStripes()} }

// newStripes returns four stripes a processor, rounded up to a power of two.
func newStripes() []stripe {
	n := 1
	for n < 4*runtime.GOMAXPROCS(0) {
		n *= 2
	}
	return make([]stripe, n)
}

// place draws a stripe. A goroutine cannot know its processor; chance spreads readers nearly as well.
func (l *BigReader) place() *stripe { return &l.stripes[rand.Uint32()&uint32(len(l.stripes)-1)] }

// Lock holds new readers back and waits for those that are inside.
func (l *BigReader) Lock() {
	l.mu.Lock()
	l.writer.Store(true)
	for i := range l.stripes {
		until(func() bool { return l.stripes[i].readers.Load() == 0 })
	}
}

// Unlock lets everybody try; misuse ends the process.
func (l *BigReader) Unlock() {
	l.writer.Store(false)
	l.mu.Unlock()
}

// RLock counts a reader, and takes it back for as long as a writer is there.
func (l *BigReader) RLock() Token {
	s := l.place()
	for {
		s.readers.Add(1)
		if !l.writer.Load() {
			return s
		}
		s.readers.Add(-1)
		l.sleep()
	}
}

// sleep returns when a writer has left.
func (l *BigReader) sleep() {
	l.mu.Lock()
	defer l.mu.Unlock()
}

// RUnlock leaves; it panics when the place of the token counts no reader.
func (l *BigReader) RUnlock(t Token) {
	if t.(*stripe).readers.Add(-1) < 0 {
		panic("rwlock: RUnlock of a BigReader that no reader holds")
	}
}
