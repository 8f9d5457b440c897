package rwlock

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// CountedBRAVO is BRAVO that decides by counts in place of a clock. A slot counts all of
// its readers, also those that have left. So a writer that ends the bias sees whether it
// paid off.
//
// Source: Dice and Kogan 2019, with another policy. A writer restores the bias if enough
// readers used it since the last writer. A reader does so if its slot has seen many
// readers without a bias.
// Progress: that of the sync.RWMutex below it. A writer spins for the readers inside and
// then sleeps.
// Space: a cache line for each of four slots a processor.
// Ordering: a reader counts itself and then looks at the bias. A writer ends the bias and
// then looks at the counts. Both are sequentially consistent, so one of them sees the
// other.
// Wins with many readers and rare writers, because readers use separate cache lines.
// Loses little elsewhere: a reader without a bias counts that, too.
// Make one with NewCountedBRAVO. It must not be copied.
type CountedBRAVO struct {
	under    sync.RWMutex
	_        [cpu.Line]byte
	biased   atomic.Bool
	readers  drain
	paidOff  bool   // restore the bias when the writer leaves; guarded by under
	arrivals uint64 // of readers with the bias, up to the last writer; guarded by under
	slots    []countedSlot
}

type countedSlot struct {
	readers atomic.Uint64 // low half: readers inside; high half: all that ever arrived
	missed  atomic.Uint64 // readers that found no bias
	_       [cpu.Line - 16]byte
}

const (
	arrival = 1<<32 + 1
	inside  = 1<<32 - 1

	minReaders = 32  // readers between two writers for which a bias pays off
	maxMissed  = 256 // readers of a slot without a bias until it is tried again
)

// NewCountedBRAVO returns an unlocked lock with its bias on.
func NewCountedBRAVO() *CountedBRAVO {
	l := &CountedBRAVO{readers: newDrain(), slots: make([]countedSlot, cpu.Places())}
	l.biased.Store(true)
	return l
}

// RLock counts itself in a slot if the lock is biased to readers, or takes the lock
// below.
func (l *CountedBRAVO) RLock() Token {
	s := &l.slots[cpu.Spread()&uint64(len(l.slots)-1)]
	if l.biased.Load() {
		s.readers.Add(arrival)
		if l.biased.Load() {
			return s
		}
		l.leave(s)
	}
	l.under.RLock()
	if s.missed.Add(1)%maxMissed == 0 {
		l.biased.Store(true) // no writer is inside
	}
	return nil
}

// RUnlock leaves. Misuse of the lock below ends the process.
func (l *CountedBRAVO) RUnlock(t Token) {
	if s, ok := t.(*countedSlot); ok {
		l.leave(s)
		return
	}
	l.under.RUnlock()
}

func (l *CountedBRAVO) leave(s *countedSlot) {
	s.readers.Add(^uint64(0))
	l.readers.leaves()
}

// Lock takes the lock below, and ends the bias.
func (l *CountedBRAVO) Lock() {
	l.under.Lock()
	if l.biased.Load() {
		l.revoke()
	}
}

// revoke ends the bias, waits for the readers that used it, and counts them.
func (l *CountedBRAVO) revoke() {
	l.biased.Store(false)
	arrivals := uint64(0)
	for i := range l.slots {
		s := &l.slots[i]
		if s.readers.Load()&inside != 0 {
			l.readers.wait(func() bool { return s.readers.Load()&inside == 0 })
		}
		arrivals += s.readers.Load() >> 32
	}
	l.paidOff = arrivals-l.arrivals >= minReaders
	l.arrivals = arrivals
}

// Unlock restores the bias if it paid off, and frees the lock below. Misuse ends the
// process.
func (l *CountedBRAVO) Unlock() {
	if l.paidOff {
		l.paidOff = false
		l.biased.Store(true)
	}
	l.under.Unlock()
}
