package rwlock

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/impls/cpu"
)

// BRAVO lets readers bypass a lock below it. While the lock is biased to readers, they
// mark slots of a table. A writer ends the bias and waits until the marks are gone.
//
// Source: Dice and Kogan, BRAVO: Biased Locking for Reader-Writer Locks, USENIX ATC 2019,
// listing 1, with a table for each lock and sync.RWMutex below.
// Progress: that of sync.RWMutex. The bias returns only after inhibit times the time that
// it took to end it.
// Space: 64 cache lines beside the lock below.
// Ordering: a reader marks its slot and then looks at the bias. A writer ends the bias
// and then looks at the slots. Both are sequentially consistent, so one of them sees the
// other.
// Wins with many readers and rare writers, because readers use separate cache lines.
// Loses little elsewhere, because writers rarely find a bias.
// Make one with NewBRAVO. It must not be copied.
type BRAVO struct {
	under  sync.RWMutex
	biased atomic.Bool
	until  atomic.Int64 // no bias before this age
	_      [cpu.Line]byte
	slots  [64]bravoSlot
}

type bravoSlot struct {
	taken atomic.Bool
	_     [cpu.Line - 4]byte // its own cache line
}

// inhibit is the paper's ratio of the time without a bias to the time that it took to end
// it.
const inhibit = 9

var started = time.Now()

// age is a monotonic clock, in nanoseconds.
func age() int64 { return int64(time.Since(started)) }

// NewBRAVO returns an unlocked lock with its bias on.
func NewBRAVO() *BRAVO {
	l := new(BRAVO)
	l.biased.Store(true)
	return l
}

// RLock marks a slot if the lock is biased to readers, or takes the lock below.
func (l *BRAVO) RLock() Token {
	if l.biased.Load() {
		s := &l.slots[cpu.Spread()%uint64(len(l.slots))]
		if s.taken.CompareAndSwap(false, true) {
			if l.biased.Load() {
				return s
			}
			s.taken.Store(false)
		}
	}
	l.under.RLock()
	if !l.biased.Load() && age() >= l.until.Load() {
		l.biased.Store(true)
	}
	return nil
}

// RUnlock leaves. Misuse of the lock below ends the process.
func (l *BRAVO) RUnlock(t Token) {
	if s, ok := t.(*bravoSlot); ok {
		s.taken.Store(false)
		return
	}
	l.under.RUnlock()
}

// Lock takes the lock below and ends the bias.
func (l *BRAVO) Lock() {
	l.under.Lock()
	l.revoke()
}

// revoke ends the bias and waits for the readers that marked a slot.
func (l *BRAVO) revoke() {
	if !l.biased.Load() {
		return
	}
	l.biased.Store(false)
	start := age()
	for i := range l.slots {
		if s := &l.slots[i]; s.taken.Load() {
			cpu.Until(func() bool { return !s.taken.Load() })
		}
	}
	end := age()
	l.until.Store(end + inhibit*(end-start))
}

// Unlock frees the lock below. Misuse ends the process.
func (l *BRAVO) Unlock() { l.under.Unlock() }
