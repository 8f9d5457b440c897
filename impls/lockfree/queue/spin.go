package queue

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Spin is a ring under one spin lock.
//
// Source: Rudolph and Segall 1984, §5 (test and test-and-set).
// Progress: blocking. Waiters spin and yield.
// Space: capacity values, exactly.
// Ordering: sequentially consistent.
// Wins: while the holder runs, because its critical section is short.
// Loses: when the holder is descheduled, because that stops both ends.
//
// Create it with NewSpin. It must not be copied.
type Spin[T any] struct {
	lock   spinLock
	_      [cpu.Line - 4]byte
	values ring[T]
}

// NewSpin makes a queue.
func NewSpin[T any](capacity int) *Spin[T] { return &Spin[T]{values: newRing[T](capacity)} }

// Enqueue adds v.
func (q *Spin[T]) Enqueue(v T) bool {
	q.lock.lock()
	ok := q.values.put(v)
	q.lock.unlock()
	return ok
}

// Dequeue removes the oldest value.
func (q *Spin[T]) Dequeue() (v T, ok bool) {
	q.lock.lock()
	v, ok = q.values.take()
	q.lock.unlock()
	return v, ok
}

// spinLock is test and test-and-set.
type spinLock struct{ held atomic.Bool }

func (l *spinLock) tryLock() bool { return !l.held.Load() && l.held.CompareAndSwap(false, true) }

func (l *spinLock) lock() {
	var s cpu.Spinner
	for !l.tryLock() {
		s.Turn()
	}
}

func (l *spinLock) unlock() { l.held.Store(false) }
