package queue

import "sync/atomic"

// MichaelScott is a linked list that is grown by a swap of the last node's next pointer, and then of the tail; whoever finds the tail
// behind helps. A node cannot come back while somebody has its address, so the garbage collector rules ABA out.
//
// Source: Michael and Scott, PODC 1996, figure 1, without its counters.
// Progress: lock-free. Space: a node for each value. Ordering: sequentially consistent.
// Wins: nobody who is preempted stops another. Loses: an allocation and two swaps for a value, both of which fail under contention.
//
// NewMichaelScott makes it; it must not be copied.
type MichaelScott[T any] struct {
	head atomic.Pointer[node[T]] // in front of the oldest
	_    [cacheLine - 8]byte
	tail atomic.Pointer[node[T]] // the newest, or one before
	_    [cacheLine - 8]byte
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

// Enqueue puts v in.
func (q *MichaelScott[T]) Enqueue(v T) bool {
	n := &node[T]{value: v}
	for {
		tail := q.tail.Load()
		if next := tail.next.Load(); next != nil {
			q.tail.CompareAndSwap(tail, next)
			continue
		}
		if tail.next.CompareAndSwap(nil, n) {
			q.tail.CompareAndSwap(tail, n) // or somebody has helped
			return true
		}
	}
}

// Dequeue takes a value out.
func (q *MichaelScott[T]) Dequeue() (v T, ok bool) {
	for {
		head := q.head.Load()
		tail := q.tail.Load()
		next := head.next.Load()
		if next == nil { // then head is still in front
			return v, false
		}
		if head == tail {
			q.tail.CompareAndSwap(tail, next)
			continue
		}
		if q.head.CompareAndSwap(head, next) {
			var none T
			v, next.value = next.value, none // nobody else reads it: the node is in front now
			return v, true
		}
	}
}
