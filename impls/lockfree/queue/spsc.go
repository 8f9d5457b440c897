package queue

import "sync/atomic"

// SPSC is a ring for one producer and one consumer. Each keeps what it last saw of the other's position, and looks again only when
// that is not enough, so that most calls touch no line that the other writes, but for the value.
//
// Source: Lamport, Specifying Concurrent Program Modules, ACM TOPLAS 5(2), 1983; the copies are Lee, Bu and Chandranmenon, A Lock-Free,
// Cache-Efficient Multi-Core Synchronization Mechanism for Line-Rate Network Traffic Monitoring, IPDPS 2010.
// Progress: wait-free. Space: capacity values. Ordering: the store of a position synchronizes before the load that sees it.
// Wins: one at each end, by far. Loses: it is wrong for more.
//
// NewSPSC makes it, its capacity a power of two; it must not be copied.
type SPSC[T any] struct {
	tail     atomic.Uint64 // values put in; written by the producer
	headSeen uint64        // the producer's
	_        [cacheLine - 16]byte
	head     atomic.Uint64 // values taken out; written by the consumer
	tailSeen uint64        // the consumer's
	_        [cacheLine - 16]byte
	slots    []T
}

// NewSPSC makes a queue.
func NewSPSC[T any](capacity int) *SPSC[T] {
	q := &SPSC[T]{}
	q.init(capacity)
	return q
}

func (q *SPSC[T]) init(capacity int) { q.slots = make([]T, powerOfTwo(capacity)) }

func (q *SPSC[T]) slot(position uint64) *T { return &q.slots[position&uint64(len(q.slots)-1)] }

// Enqueue puts v in.
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

// Dequeue takes a value out.
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
