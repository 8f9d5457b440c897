package queue

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// MPSC is a linked list for many producers and one consumer. A producer swaps its node in
// as the tail, which cannot fail. Then it links the previous tail to it.
//
// Source: Vyukov 2010, Non-intrusive MPSC node-based queue, 1024cores.net.
// Progress: producers are wait-free. The consumer cannot get past a producer that has
// swapped its node in and not linked it yet. So the queue is not linearizable: it looks
// empty although later producers are done.
// Space: a node for each value.
// Ordering: the store of a link synchronizes before the load that sees it.
// Wins: with many producers that must not wait.
// Loses: an allocation for each value.
//
// Create it with NewMPSC. It must not be copied.
type MPSC[T any] struct {
	tail atomic.Pointer[node[T]] // the last node
	_    [cpu.Line - 8]byte
	head *node[T] // the node before the oldest value; only the consumer uses it
	_    [cpu.Line - 8]byte
}

// NewMPSC makes a queue.
func NewMPSC[T any]() *MPSC[T] {
	q := &MPSC[T]{head: new(node[T])}
	q.tail.Store(q.head)
	return q
}

// Enqueue adds v.
func (q *MPSC[T]) Enqueue(v T) bool {
	n := &node[T]{value: v}
	q.tail.Swap(n).next.Store(n)
	return true
}

// Dequeue removes the oldest value.
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
