package mutex

import "sync/atomic"

// TTAS is the test-and-test-and-set lock: a waiter reads the flag, in its own cache, and writes only when
// it looks free.
//
// Source: Rudolph and Segall, Dynamic Decentralized Cache Schemes for MIMD Parallel Processors, ISCA 1984, §5;
// Anderson 1990, §III.
// Progress: a waiter may starve. Waits by a spinner.
// Space: 4 bytes.
// Ordering: Unlock's store synchronizes before the compare-and-swap that sees it.
// Wins over TAS with more waiters than two; loses at the release, when all waiters try at once.
// The zero value is unlocked. A TTAS must not be copied after first use.
type TTAS struct{ held atomic.Bool }

// Lock spins until it raises the flag.
func (l *TTAS) Lock() {
	var s spinner
	for !l.TryLock() {
		s.turn()
	}
}

// TryLock takes the lock if it is free.
func (l *TTAS) TryLock() bool { return !l.held.Load() && l.held.CompareAndSwap(false, true) }

// Unlock frees the lock; it panics when the lock is not held.
func (l *TTAS) Unlock() {
	if !l.held.Swap(false) {
		panic("mutex: unlock of an unlocked TTAS")
	}
}
