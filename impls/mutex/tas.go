package mutex

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// TAS is the test-and-set lock: every waiter writes the flag until its own write raises
// it.
//
// Source: Anderson, The Performance of Spin Lock Alternatives for Shared-Memory
// Multiprocessors, IEEE TPDS 1(1), 1990, §III.
// Progress: a waiter may starve. Waits by a cpu.Spinner.
// Space: 4 bytes.
// Ordering: Unlock's swap synchronizes before the swap that reads it.
// Wins with one or two goroutines. Loses with more, because every try takes the cache
// line away from the holder.
// The zero value is unlocked. A TAS must not be copied after first use.
type TAS struct{ held atomic.Bool }

// Lock spins until it raises the flag.
func (l *TAS) Lock() {
	var s cpu.Spinner
	for l.held.Swap(true) {
		s.Turn()
	}
}

// TryLock takes the lock if it is free.
func (l *TAS) TryLock() bool { return !l.held.Swap(true) }

// Unlock frees the lock. It panics if the lock is not held.
func (l *TAS) Unlock() {
	if !l.held.Swap(false) {
		panic("mutex: unlock of an unlocked TAS")
	}
}
