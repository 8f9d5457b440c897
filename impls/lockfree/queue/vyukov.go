package queue

import (
	"runtime"
	"sync/atomic"
)

// Vyukov is a ring whose slots have a sequence number each, which says whose turn it is: a producer's that comes to the position of
// that number, or, one more, a consumer's. So the two ends meet in slots only, and each moves on by one swap.
//
// Source: Vyukov 2010, Bounded MPMC queue, 1024cores.net.
// Progress: blocking in a slot: who has taken a position and is preempted stops the other end there, not its own.
// It is not linearizable: behind such a slot values that were put in stand unseen, and the queue looks empty, or full in the same way.
// Space: a number and a value for each slot. Ordering: the store of a number synchronizes before the load that sees it.
// Here a swap that failed gives the processor away: another goroutine is at this end on another processor, and one from the other
// end had better run on this one. And slots share lines, eight of them for words in a cacheLine: a long ring stays in the cache.
// Wins: more goroutines than processors, and long rings. Loses: a ring that is nearly empty, where both ends meet in a line.
//
// NewVyukov makes it, its capacity a power of two, at least 2; it must not be copied.
type Vyukov[T any] struct {
	tail  atomic.Uint64 // positions that producers have taken
	_     [cacheLine - 8]byte
	head  atomic.Uint64 // positions that consumers have taken
	_     [cacheLine - 8]byte
	slots []sequenced[T]
}

type sequenced[T any] struct {
	turn  atomic.Uint64
	value T
}

// NewVyukov makes a queue.
func NewVyukov[T any](capacity int) *Vyukov[T] {
	q := &Vyukov[T]{}
	q.init(capacity)
	return q
}

func (q *Vyukov[T]) init(capacity int) {
	q.slots = make([]sequenced[T], powerOfTwo(max(capacity, 2)))
	for i := range q.slots {
		q.slots[i].turn.Store(uint64(i))
	}
}

func (q *Vyukov[T]) slot(at uint64) *sequenced[T] { return &q.slots[at&uint64(len(q.slots)-1)] }

// Enqueue puts v in.
func (q *Vyukov[T]) Enqueue(v T) bool {
	for {
		at := q.tail.Load()
		s := q.slot(at)
		late := int64(s.turn.Load() - at)
		switch {
		case late < 0:
			return false
		case late == 0 && q.tail.CompareAndSwap(at, at+1):
			s.value = v
			s.turn.Store(at + 1)
			return true
		}
		runtime.Gosched()
	}
}

// Dequeue takes a value out.
func (q *Vyukov[T]) Dequeue() (v T, ok bool) {
	for {
		at := q.head.Load()
		s := q.slot(at)
		late := int64(s.turn.Load() - at - 1)
		switch {
		case late < 0:
			return v, false
		case late == 0 && q.head.CompareAndSwap(at, at+1):
			var none T
			v, s.value = s.value, none
			s.turn.Store(at + uint64(len(q.slots)))
			return v, true
		}
		runtime.Gosched()
	}
}
