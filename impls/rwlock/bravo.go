package rwlock

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/impls"
)

// BRAVO lets readers pass a lock by: while it is biased to them they leave their mark in a table, and a writer that wants
// in first ends the bias and waits until the marks are gone.
//
// Source: Dice and Kogan, BRAVO: Biased Locking for Reader-Writer Locks, USENIX ATC 2019, listing 1, with a table for each lock and
// sync.RWMutex below.
// Progress: that of sync.RWMutex; the bias comes back only after nine times the time that ending it took.
// Space: 64 lines of 128 bytes beside the lock.
// Ordering: a reader marks its place and then looks at the bias; a writer ends the bias and then looks at the places.
// Wins with many readers and rare writers; loses little elsewhere, for writers seldom find a bias.
// Make one with NewBRAVO. It must not be copied.
type BRAVO struct {
	under  sync.RWMutex
	biased atomic.Bool
	until  atomic.Int64 // no bias before, in nanoseconds of age
	places [64]bravoPlace
}

type bravoPlace struct {
	taken atomic.Bool
	_     [cacheLine - 4]byte // a place of its own line
}

// inhibit is how many times longer than a revocation the bias stays away, as the paper has it.
const inhibit = 9

var began = time.Now()

// age is the monotonic clock, in nanoseconds.
func age() int64 { return int64(time.Since(began)) }

// NewBRAVO returns an unlocked lock with its bias on.
func NewBRAVO() *BRAVO {
	l := new(BRAVO)
	l.biased.Store(true)
	return l
}

// RLock marks a place if the lock is biased to readers, or takes the lock below.
func (l *BRAVO) RLock() Token {
	if l.biased.Load() {
		p := &l.places[impls.Spread()%uint64(len(l.places))]
		if p.taken.CompareAndSwap(false, true) {
			if l.biased.Load() {
				return p
			}
			p.taken.Store(false)
		}
	}
	l.under.RLock()
	if !l.biased.Load() && age() >= l.until.Load() {
		l.biased.Store(true)
	}
	return nil
}

// RUnlock leaves; misuse of the lock below ends the process.
func (l *BRAVO) RUnlock(t Token) {
	if p, ok := t.(*bravoPlace); ok {
		p.taken.Store(false)
		return
	}
	l.under.RUnlock()
}

// Lock takes the lock below and ends the bias.
func (l *BRAVO) Lock() {
	l.under.Lock()
	l.revoke()
}

// revoke ends the bias and waits for the readers that marked a place.
func (l *BRAVO) revoke() {
	if !l.biased.Load() {
		return
	}
	l.biased.Store(false)
	begin := age()
	for i := range l.places {
		if p := &l.places[i]; p.taken.Load() {
			until(func() bool { return !p.taken.Load() })
		}
	}
	end := age()
	l.until.Store(end + inhibit*(end-begin))
}

// Unlock frees the lock below; misuse ends the process.
func (l *BRAVO) Unlock() { l.under.Unlock() }
