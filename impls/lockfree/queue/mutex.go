package queue

import "sync"

// Mutex is a ring under one sync.Mutex.
//
// Source: sync.Mutex; the ring is Knuth, The Art of Computer Programming, vol. 1, §2.2.2.
// Progress: blocking, parked. Space: capacity values. Ordering: that of the mutex.
// Wins: any capacity, exactly, and little code; few goroutines. Loses: producers and consumers exclude each other.
//
// NewMutex makes it; it must not be copied.
type Mutex[T any] struct {
	mu     sync.Mutex
	values ring[T]
}

// NewMutex makes a queue.
func NewMutex[T any](capacity int) *Mutex[T] { return &Mutex[T]{values: newRing[T](capacity)} }

// Enqueue puts v in.
func (q *Mutex[T]) Enqueue(v T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.values.put(v)
}

// Dequeue takes a value out.
func (q *Mutex[T]) Dequeue() (v T, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.values.take()
}
