package mutex

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// TTAS is the test-and-test-and-set lock: a waiter reads the flag, in its own cache, and
// writes only when the flag looks free.
//
// Source: Rudolph and Segall, Dynamic Decentralized Cache Schemes for MIMD Parallel
// Processors, ISCA 1984, §5; Anderson 1990, §III.
// Progress: a waiter may starve. Waits by a cpu.Spinner.
// Space: 4 bytes.
// Ordering: Unlock's swap synchronizes before the compare-and-swap that sees it.
// Wins over TAS with more than two waiters, because a waiter's reads stay in its own
// cache. Loses at the release, because all waiters try at once.
// The zero value is unlocked. A TTAS must not be copied after first use.
type TTAS struct{ held atomic.Bool }

// Lock spins until it raises the flag.
func (l *TTAS) Lock() {
	var s cpu.Spinner
	for !l.TryLock() {
		s.Turn()
	}
}

// TryLock takes the lock if it is free.
func (l *TTAS) TryLock() bool { return !l.held.Load() && l.held.CompareAndSwap(false, true) }

// Unlock frees the lock. It panics if the lock is not held.
func (l *TTAS) Unlock() {
	if !l.held.Swap(false) {
		panic("mutex: unlock of an unlocked TTAS")
	}
}
