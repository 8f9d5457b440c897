package rwlock

import "sync/atomic"

// Spin is one word: the number of readers, or writing.
//
// Source: Mellor-Crummey and Scott, Scalable Reader-Writer Synchronization for Shared-Memory Multiprocessors, PPoPP 1991, §1, the
// centralized lock that prefers readers.
// Progress: writers starve while readers overlap. Waits by spinning, then Gosched every 64 turns.
// Space: one word.
// Ordering: every change is an atomic operation on the word.
// Wins when sections are short and goroutines few; loses when oversubscribed.
// The zero value is unlocked. A Spin must not be copied after first use.
type Spin struct{ state atomic.Int64 }

const writing = -1

// Lock waits until nobody is inside.
func (l *Spin) Lock() {
	until(func() bool { return l.state.Load() == 0 && l.state.CompareAndSwap(0, writing) })
}

// Unlock frees the lock; it panics when no writer is inside.
func (l *Spin) Unlock() {
	if !l.state.CompareAndSwap(writing, 0) {
		panic("rwlock: Unlock of a Spin that no writer holds")
	}
}

// RLock waits until no writer is inside.
func (l *Spin) RLock() Token {
	until(func() bool {
		n := l.state.Load()
		return n >= 0 && l.state.CompareAndSwap(n, n+1)
	})
	return nil
}

// RUnlock leaves; it panics when no reader is inside.
func (l *Spin) RUnlock(Token) {
	if l.state.Add(-1) < 0 {
		panic("rwlock: RUnlock of a Spin that no reader holds")
	}
}
