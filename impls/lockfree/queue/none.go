package queue

import "github.com/contendbench/contend/impls/cpu"

// None is a ring without synchronization. It shows what the loop and the interface call
// cost.
type None[T any] struct {
	slots      []T
	head, tail int
}

// NewNone makes a queue.
func NewNone[T any](capacity int) *None[T] {
	return &None[T]{slots: make([]T, cpu.PowerOfTwo(capacity))}
}

// Enqueue adds v.
func (q *None[T]) Enqueue(v T) bool {
	if q.tail-q.head >= len(q.slots) {
		return false
	}
	q.slots[q.tail&(len(q.slots)-1)] = v
	q.tail++
	return true
}

// Dequeue removes the oldest value.
func (q *None[T]) Dequeue() (v T, ok bool) {
	if q.tail-q.head <= 0 {
		return v, false
	}
	v = q.slots[q.head&(len(q.slots)-1)]
	q.head++
	return v, true
}
