package queue

import (
	"sync"
	"sync/atomic"
)

// TwoLock is a linked list with a lock at each end and a node in front whose value is gone, so that the two ends meet in one
// word at most. Nodes are used again.
//
// Source: Michael and Scott, Simple, Fast, and Practical Non-Blocking and Blocking Concurrent Queue Algorithms, PODC 1996, figure 2.
// Progress: blocking, parked. Space: a node for each value, and what the pool keeps.
// Ordering: that of the mutexes, and of next between the ends.
// Wins: unbounded, and no garbage. Loses: two locked instructions more than a ring, and a chase of pointers.
//
// NewTwoLock makes it; it must not be copied.
type TwoLock[T any] struct {
	headLock sync.Mutex
	head     *pooled[T] // in front of the oldest
	_        [cacheLine - 16]byte
	tailLock sync.Mutex
	tail     *pooled[T] // the newest
	_        [cacheLine - 16]byte
	nodes    sync.Pool
}

type pooled[T any] struct {
	value T
	next  atomic.Pointer[pooled[T]] // written under the lock of the tail and read under that of the head
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

// Enqueue puts v in.
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

// Dequeue takes a value out.
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

// take takes the value out of the node, which is then the one in front.
func (n *pooled[T]) take() T {
	var none T
	v := n.value
	n.value = none
	return v
}
