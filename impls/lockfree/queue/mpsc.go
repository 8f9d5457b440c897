package queue

import "sync/atomic"

// MPSC is a linked list for many producers and one consumer: a producer swaps its node in as the tail, which cannot fail, and then
// links the one before to it.
//
// Source: Vyukov 2010, Non-intrusive MPSC node-based queue, 1024cores.net.
// Progress: producers wait-free; the consumer finds nothing behind a producer that has swapped and not linked.
// It is not linearizable, for that reason: it looks empty while values stand behind.
// Space: a node for each value. Ordering: the store of a link synchronizes before the load that sees it.
// Wins: many producers that must not wait. Loses: an allocation for each value.
//
// NewMPSC makes it; it must not be copied.
type MPSC[T any] struct {
	tail atomic.Pointer[node[T]] // the newest
	_    [cacheLine - 8]byte
	head *node[T] // in front of the oldest; the consumer's
	_    [cacheLine - 8]byte
}

// NewMPSC makes a queue.
func NewMPSC[T any]() *MPSC[T] {
	q := &MPSC[T]{head: new(node[T])}
	q.tail.Store(q.head)
	return q
}

// Enqueue puts v in.
func (q *MPSC[T]) Enqueue(v T) bool {
	n := &node[T]{value: v}
	q.tail.Swap(n).next.Store(n)
	return true
}

// Dequeue takes a value out.
func (q *MPSC[T]) Dequeue() (v T, ok bool) {
	next := q.head.next.Load()
	if next == nil {
		return v, false
	}
	var none T
	v, next.value = next.value, none
	q.head = next
	return v, true
}
