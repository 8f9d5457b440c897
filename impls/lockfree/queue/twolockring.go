package queue

import (
	"runtime"
	"sync/atomic"
)

// TwoLockRing is SPSC with a lock at each end, which is the lowest bit of that end's position. One swap takes the lock, and one
// store moves the position on, publishes the value and lets the lock go, so that a call costs two locked instructions, as with
// Vyukov; but slots are bare values, no call looks at the other end's line while its copy suffices, and full and empty are exact.
//
// Source: this project. Michael and Scott, PODC 1996, figure 2 (a lock at each end); Bacon et al. 1998, §2 (locks in bits of a word);
// Lee, Bu and Chandranmenon, IPDPS 2010 (copies of positions).
// Progress: blocking at an end: who is preempted inside stops those of its own end; they yield.
// Space: capacity values. Ordering: the store of a position synchronizes before the load that sees it.
// Wins: full and empty are exact, and the ends apart. Loses: a short ring, where both ends read both lines, and many at one end.
//
// NewTwoLockRing makes it, its capacity a power of two; it must not be copied.
type TwoLockRing[T any] struct {
	tail     position // values put in
	headSeen uint64   // under the lock of the tail
	_        [cacheLine - 16]byte
	head     position // values taken out
	tailSeen uint64   // under the lock of the head
	_        [cacheLine - 16]byte
	slots    []T
}

// NewTwoLockRing makes a queue.
func NewTwoLockRing[T any](capacity int) *TwoLockRing[T] {
	q := &TwoLockRing[T]{}
	q.init(capacity)
	return q
}

func (q *TwoLockRing[T]) init(capacity int) { q.slots = make([]T, powerOfTwo(capacity)) }

// A position counts in steps of two; the lowest bit is its lock.
type position struct{ word atomic.Uint64 }

const locked = 1

// lock takes the lock and returns the position. Whoever has it is about to give it back, or is preempted; the processor is given away in
// both cases, to one at the other end perhaps.
func (p *position) lock() uint64 {
	for {
		if at := p.word.Load(); at&locked == 0 && p.word.CompareAndSwap(at, at|locked) {
			return at
		}
		runtime.Gosched()
	}
}

// look returns the position, whoever holds the lock.
func (p *position) look() uint64 { return p.word.Load() &^ locked }

// unlock lets go of the lock and moves the position to at.
func (p *position) unlock(at uint64) { p.word.Store(at) }

func (q *TwoLockRing[T]) slot(at uint64) *T { return &q.slots[at/2&uint64(len(q.slots)-1)] }

// Enqueue puts v in.
func (q *TwoLockRing[T]) Enqueue(v T) bool {
	tail := q.tail.lock()
	if tail-q.headSeen == 2*uint64(len(q.slots)) {
		q.headSeen = q.head.look()
		if tail-q.headSeen == 2*uint64(len(q.slots)) {
			q.tail.unlock(tail)
			return false
		}
	}
	*q.slot(tail) = v
	q.tail.unlock(tail + 2)
	return true
}

// Dequeue takes a value out.
func (q *TwoLockRing[T]) Dequeue() (v T, ok bool) {
	head := q.head.lock()
	if head == q.tailSeen {
		q.tailSeen = q.tail.look()
		if head == q.tailSeen {
			q.head.unlock(head)
			return v, false
		}
	}
	var none T
	s := q.slot(head)
	v, *s = *s, none
	q.head.unlock(head + 2)
	return v, true
}
