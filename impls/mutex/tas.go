package mutex

import "sync/atomic"

// TAS is the test-and-set lock: every waiter writes the flag until it was the one that raised it.
//
// Source: Anderson, The Performance of Spin Lock Alternatives for Shared-Memory Multiprocessors, IEEE TPDS 1(1),
// 1990, §III.
// Progress: none of the waiters is bound to be served; one may starve. Waits by a spinner.
// Space: 4 bytes.
// Ordering: Unlock's store synchronizes before the swap that reads it.
// Wins with one or two goroutines; loses with more, since every try takes the cache line away from the holder.
// The zero value is unlocked. A TAS must not be copied after first use.
type TAS struct{ held atomic.Bool }

// Lock spins until it raises the flag.
func (l *TAS) Lock() {
	var s spinner
	for l.held.Swap(true) {
		s.turn()
	}
}

// TryLock takes the lock if it is free.
func (l *TAS) TryLock() bool { return !l.held.Swap(true) }

// Unlock frees the lock; it panics when the lock is not held.
func (l *TAS) Unlock() {
	if !l.held.Swap(false) {
		panic("mutex: unlock of an unlocked TAS")
	}
}
