package queue

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// SPSC is a ring for one producer and one consumer. Each keeps a copy of the other's
// position, and reads the position again only when the copy does not suffice. So most
// calls touch no cache line that the other end writes, except that of the value.
//
// Source: Lamport, Specifying Concurrent Program Modules, ACM TOPLAS 5(2), 1983; the
// copies are Lee, Bu and Chandranmenon, A Lock-Free, Cache-Efficient Multi-Core
// Synchronization Mechanism for Line-Rate Network Traffic Monitoring, IPDPS 2010.
// Progress: wait-free.
// Space: capacity values.
// Ordering: the store of a position synchronizes before the load that sees it.
// Wins: with one goroutine at each end, because a call needs no compare-and-swap.
// Loses: with more, it is incorrect.
//
// Create it with NewSPSC. Its capacity is rounded up to a power of two. It must not be
// copied.
type SPSC[T any] struct {
	tail     atomic.Uint64 // values enqueued; only the producer writes it
	headSeen uint64        // the producer's copy
	_        [cpu.Line - 16]byte
	head     atomic.Uint64 // values dequeued; only the consumer writes it
	tailSeen uint64        // the consumer's copy
	_        [cpu.Line - 16]byte
	slots    []T
}

// NewSPSC makes a queue.
func NewSPSC[T any](capacity int) *SPSC[T] {
	q := &SPSC[T]{}
	q.init(capacity)
	return q
}

func (q *SPSC[T]) init(capacity int) { q.slots = make([]T, cpu.PowerOfTwo(capacity)) }

func (q *SPSC[T]) slot(position uint64) *T { return &q.slots[position&uint64(len(q.slots)-1)] }

// Enqueue adds v.
func (q *SPSC[T]) Enqueue(v T) bool {
	tail := q.tail.Load()
	if tail-q.headSeen == uint64(len(q.slots)) {
		q.headSeen = q.head.Load()
		if tail-q.headSeen == uint64(len(q.slots)) {
			return false
		}
	}
	*q.slot(tail) = v
	q.tail.Store(tail + 1)
	return true
}

// Dequeue removes the oldest value.
func (q *SPSC[T]) Dequeue() (v T, ok bool) {
	head := q.head.Load()
	if head == q.tailSeen {
		q.tailSeen = q.tail.Load()
		if head == q.tailSeen {
			return v, false
		}
	}
	var none T
	s := q.slot(head)
	v, *s = *s, none
	q.head.Store(head + 1)
	return v, true
}
