package queue

import "sync"

// Mutex is a ring under one sync.Mutex.
//
// Source: sync.Mutex; the ring is Knuth, The Art of Computer Programming, vol. 1, §2.2.2.
// Progress: blocking. Waiters sleep.
// Space: capacity values, exactly.
// Ordering: that of the mutex.
// Wins: with few goroutines, because a call takes only one lock and touches only one
// slot.
// Loses: with many, because producers and consumers exclude each other.
//
// Create it with NewMutex. It must not be copied.
type Mutex[T any] struct {
	mu     sync.Mutex
	values ring[T]
}

// NewMutex makes a queue.
func NewMutex[T any](capacity int) *Mutex[T] { return &Mutex[T]{values: newRing[T](capacity)} }

// Enqueue adds v.
func (q *Mutex[T]) Enqueue(v T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.values.put(v)
}

// Dequeue removes the oldest value.
func (q *Mutex[T]) Dequeue() (v T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.values.take()
}
