package queue

import (
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Vyukov is a ring whose slots each have a sequence number, which says which call may use
// the slot next. If it equals a position, that position's producer may. If it is one
// higher, that position's consumer may. So the two ends meet only in the slots, and a
// call advances its end by one compare-and-swap.
//
// Source: Vyukov 2010, Bounded MPMC queue, 1024cores.net. Two things are this project's.
// After a failed swap the caller yields: another goroutine is already active at this end,
// so the other end makes better use of the processor. And slots share cache lines, so
// that a long ring fits the cache.
// Progress: blocking in a slot. If a caller is descheduled there, the other end stops at
// that slot, and its own end does not. So the queue is not linearizable: values behind
// that slot cannot be reached, and it looks empty. In the same way it can look full.
// Space: a number and a value for each slot.
// Ordering: the store of a number synchronizes before the load that sees it.
// Wins: with more goroutines than processors, and with long rings.
// Loses: with a ring that is nearly empty, because both ends then work in one cache line.
//
// Create it with NewVyukov. Its capacity is rounded up to a power of two, at least 2. It
// must not be copied.
type Vyukov[T any] struct {
	tail  atomic.Uint64 // positions that producers have taken
	_     [cpu.Line - 8]byte
	head  atomic.Uint64 // positions that consumers have taken
	_     [cpu.Line - 8]byte
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
	q.slots = make([]sequenced[T], cpu.PowerOfTwo(max(capacity, 2)))
	for i := range q.slots {
		q.slots[i].turn.Store(uint64(i))
	}
}

func (q *Vyukov[T]) slot(at uint64) *sequenced[T] { return &q.slots[at&uint64(len(q.slots)-1)] }

// Enqueue adds v.
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

// Dequeue removes the oldest value.
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
