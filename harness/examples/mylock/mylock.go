// Package mylock is a lock outside of contend, which contend tests and measures.
package mylock

import (
	"runtime"
	"sync/atomic"
)

// Lock is a test-and-set lock. The zero value is unlocked.
type Lock struct{ held atomic.Bool }

// Lock waits until the lock is free and takes it.
func (l *Lock) Lock() {
	for !l.held.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
}

// Unlock frees the lock.
func (l *Lock) Unlock() { l.held.Store(false) }
