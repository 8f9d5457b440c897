package rwlock

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Spin is a lock in one word: the number of readers inside, or writing.
//
// Source: Mellor-Crummey and Scott, Scalable Reader-Writer Synchronization for
// Shared-Memory Multiprocessors, PPoPP 1991, §1, the centralized lock that prefers
// readers.
// Progress: writers starve while readers overlap. Waits by cpu.Until.
// Space: one word.
// Ordering: every change is an atomic operation on the word.
// Wins when sections are short and goroutines few. Loses when oversubscribed, because
// waiters use the processor that the holder needs.
// The zero value is unlocked. A Spin must not be copied after first use.
type Spin struct{ state atomic.Int64 }

const writing = -1

// Lock waits until neither readers nor a writer are inside.
func (l *Spin) Lock() {
	cpu.Until(func() bool { return l.state.Load() == 0 && l.state.CompareAndSwap(0, writing) })
}

// Unlock frees the lock. It panics if no writer is inside.
func (l *Spin) Unlock() {
	if !l.state.CompareAndSwap(writing, 0) {
		panic("rwlock: Unlock of a Spin without a writer")
	}
}

// RLock waits until no writer is inside.
func (l *Spin) RLock() Token {
	cpu.Until(func() bool {
		n := l.state.Load()
		return n >= 0 && l.state.CompareAndSwap(n, n+1)
	})
	return nil
}

// RUnlock leaves. It panics if no reader is inside.
func (l *Spin) RUnlock(Token) {
	for {
		n := l.state.Load()
		if n <= 0 {
			panic("rwlock: RUnlock of a Spin without a reader")
		}
		if l.state.CompareAndSwap(n, n-1) {
			return
		}
	}
}
