package queue

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// TwoLock is a linked list with a lock at each end. A node whose value is gone comes
// first, so that the two ends meet in at most one word. Nodes are reused.
//
// Source: Michael and Scott, Simple, Fast, and Practical Non-Blocking and Blocking
// Concurrent Queue Algorithms, PODC 1996, figure 2.
// Progress: blocking. Waiters sleep.
// Space: a node for each value, and what the pool keeps.
// Ordering: that of the mutexes, and of next between the ends.
// Wins: unbounded without garbage.
// Loses: to a ring, because it executes two more locked instructions and follows
// pointers.
//
// Create it with NewTwoLock. It must not be copied.
type TwoLock[T any] struct {
	headLock sync.Mutex
	head     *pooled[T] // the node before the oldest value
	_        [cpu.Line - 16]byte
	tailLock sync.Mutex
	tail     *pooled[T] // the last node
	_        [cpu.Line - 16]byte
	nodes    sync.Pool
}

type pooled[T any] struct {
	value T
	next  atomic.Pointer[pooled[T]] // written under the tail's lock and read under the head's
}

// NewTwoLock makes a queue.
func NewTwoLock[T any]() *TwoLock[T] {
	q := &TwoLock[T]{}
	q.init()
	return q
}

func (q *TwoLock[T]) init() {
	q.nodes.New = func() any { return new(pooled[T]) }
	q.head = new(pooled[T])
	q.tail = q.head
}

// Enqueue adds v.
func (q *TwoLock[T]) Enqueue(v T) bool {
	n := q.nodes.Get().(*pooled[T])
	n.value = v
	n.next.Store(nil)
	q.tailLock.Lock()
	q.tail.next.Store(n)
	q.tail = n
	q.tailLock.Unlock()
	return true
}

// Dequeue removes the oldest value.
func (q *TwoLock[T]) Dequeue() (v T, ok bool) {
	q.headLock.Lock()
	old := q.head
	first := old.next.Load()
	if first == nil {
		q.headLock.Unlock()
		return v, false
	}
	v = first.take()
	q.head = first
	q.headLock.Unlock()
	q.nodes.Put(old)
	return v, true
}

// take takes the value out of a node that becomes the first.
func (n *pooled[T]) take() T {
	var none T
	v := n.value
	n.value = none
	return v
}
