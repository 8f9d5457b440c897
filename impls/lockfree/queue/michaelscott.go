package queue

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// MichaelScott is a linked list. An Enqueue swaps its node in as the next of the last
// node, and then moves the tail to it. A call that finds the tail behind moves it first.
// The garbage collector rules out ABA, because a node is not reused while a goroutine has
// its address.
//
// Source: Michael and Scott, PODC 1996, figure 1, without its counters.
// Progress: lock-free.
// Space: a node for each value.
// Ordering: sequentially consistent.
// Wins: with more goroutines than processors, because a descheduled one blocks no other.
// Loses: an allocation and two compare-and-swaps for each Enqueue. The swaps fail under
// contention.
//
// Create it with NewMichaelScott. It must not be copied.
type MichaelScott[T any] struct {
	head atomic.Pointer[node[T]] // the node before the oldest value
	_    [cpu.Line - 8]byte
	tail atomic.Pointer[node[T]] // the last node, or the one before it
	_    [cpu.Line - 8]byte
}

type node[T any] struct {
	value T
	next  atomic.Pointer[node[T]]
}

// NewMichaelScott makes a queue.
func NewMichaelScott[T any]() *MichaelScott[T] {
	q := &MichaelScott[T]{}
	q.init()
	return q
}

func (q *MichaelScott[T]) init() {
	n := new(node[T])
	q.head.Store(n)
	q.tail.Store(n)
}

// Enqueue adds v.
func (q *MichaelScott[T]) Enqueue(v T) bool {
	n := &node[T]{value: v}
	for {
		tail := q.tail.Load()
		if next := tail.next.Load(); next != nil {
			q.tail.CompareAndSwap(tail, next)
			continue
		}
		if tail.next.CompareAndSwap(nil, n) {
			q.tail.CompareAndSwap(tail, n) // fails if another call has moved the tail already
			return true
		}
	}
}

// Dequeue removes the oldest value.
func (q *MichaelScott[T]) Dequeue() (v T, ok bool) {
	for {
		head := q.head.Load()
		tail := q.tail.Load()
		next := head.next.Load()
		if next == nil { // head is still the first node, because only a node with a next is replaced
			return v, false
		}
		if head == tail {
			q.tail.CompareAndSwap(tail, next)
			continue
		}
		if q.head.CompareAndSwap(head, next) {
			var none T
			v, next.value = next.value, none // no other goroutine reads it: next is the head now
			return v, true
		}
	}
}
