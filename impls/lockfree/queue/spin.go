package queue

import "sync/atomic"

// Spin is a ring under one spin lock.
//
// Source: Rudolph and Segall 1984, §5 (test and test-and-set).
// Progress: blocking, spins and yields. Space: capacity values. Ordering: sequentially consistent.
// Wins: sections as short as these, while the holder runs. Loses: a holder that is preempted stops both ends.
//
// NewSpin makes it; it must not be copied.
type Spin[T any] struct {
	lock   spinLock
	_      [cacheLine - 4]byte
	values ring[T]
}

// NewSpin makes a queue.
func NewSpin[T any](capacity int) *Spin[T] { return &Spin[T]{values: newRing[T](capacity)} }

// Enqueue puts v in.
func (q *Spin[T]) Enqueue(v T) bool {
	q.lock.lock()
	ok := q.values.put(v)
	q.lock.unlock()
	return ok
}

// Dequeue takes a value out.
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
	var s spinner
	for !l.tryLock() {
		s.turn()
	}
}

func (l *spinLock) unlock() { l.held.Store(false) }
