package queue

import (
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// TwoLockRing is SPSC with a lock at each end, which is the lowest bit of that end's
// position. One compare-and-swap takes the lock. One store advances the position,
// publishes the value and releases the lock. So a call costs two locked instructions, as
// in Vyukov, but slots are bare values. A call does not read the other end's cache line
// while its copy suffices.
//
// Source: this project; Michael and Scott, PODC 1996, figure 2 (a lock at each end);
// Bacon et al. 1998, §2 (locks in bits of a word); Lee, Bu and Chandranmenon, IPDPS 2010
// (copies of positions).
// Progress: blocking at one end. A descheduled holder stops the callers of its own end.
// They yield.
// Space: capacity values.
// Ordering: the store of a position synchronizes before the load that sees it.
// Wins: full and empty are exact. With a long ring, the two ends seldom touch the same
// line.
// Loses: with a short ring, where both ends read both lines, and with many goroutines at
// one end.
//
// Create it with NewTwoLockRing. Its capacity is rounded up to a power of two. It must
// not be copied.
type TwoLockRing[T any] struct {
	tail     position // of values enqueued
	headSeen uint64   // under the tail's lock
	_        [cpu.Line - 16]byte
	head     position // of values dequeued
	tailSeen uint64   // under the head's lock
	_        [cpu.Line - 16]byte
	slots    []T
}

// NewTwoLockRing makes a queue.
func NewTwoLockRing[T any](capacity int) *TwoLockRing[T] {
	q := &TwoLockRing[T]{}
	q.init(capacity)
	return q
}

func (q *TwoLockRing[T]) init(capacity int) { q.slots = make([]T, cpu.PowerOfTwo(capacity)) }

// A position counts in steps of two. The lowest bit is its lock.
type position struct{ word atomic.Uint64 }

const locked = 1

// lock takes the lock and returns the position. It yields after each look in vain: the
// holder is either about to unlock or descheduled, and in both cases the other end can
// use the processor.
func (p *position) lock() uint64 {
	for {
		if at := p.word.Load(); at&locked == 0 && p.word.CompareAndSwap(at, at|locked) {
			return at
		}
		runtime.Gosched()
	}
}

// look returns the position, locked or not.
func (p *position) look() uint64 { return p.word.Load() &^ locked }

// unlock releases the lock and moves the position to at.
func (p *position) unlock(at uint64) { p.word.Store(at) }

func (q *TwoLockRing[T]) slot(at uint64) *T { return &q.slots[at/2&uint64(len(q.slots)-1)] }

// Enqueue adds v.
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

// Dequeue removes the oldest value.
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
