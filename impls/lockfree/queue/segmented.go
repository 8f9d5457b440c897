package queue

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Segmented is a linked list of arrays. A call draws a position in an array by
// fetch-and-add, which cannot fail. Then the producer and the consumer of a position both
// swap its state, which settles which of them came first. A producer that came second
// draws another position.
//
// Source: Correia and Ramalhete 2016, FAAArrayQueue, concurrencyfreaks.com; after
// Morrison and Afek, Fast Concurrent Queues for x86 Processors, PPoPP 2013 (LCRQ). Here
// the state is a word of its own beside the value, so that values may be of any type.
// Progress: lock-free.
// Space: segments of 1024 slots. The garbage collector frees used segments.
// Ordering: sequentially consistent.
// Wins: unbounded with many goroutines at both ends, because no draw fails.
// Loses: a slot is used only once, and it is wasted where the consumer comes first.
//
// Create it with NewSegmented. It must not be copied.
type Segmented[T any] struct {
	head atomic.Pointer[segment[T]]
	_    [cpu.Line - 8]byte
	tail atomic.Pointer[segment[T]] // the last segment, or the one before it
	_    [cpu.Line - 8]byte
}

const segmentSize = 1024

type segment[T any] struct {
	puts  atomic.Int64 // positions that producers have drawn
	_     [cpu.Line - 8]byte
	takes atomic.Int64 // positions that consumers have drawn
	_     [cpu.Line - 8]byte
	next  atomic.Pointer[segment[T]]
	slots [segmentSize]settled[T]
}

type settled[T any] struct {
	state atomic.Uint32
	value T // the producer's while the state is open, and the consumer's once it is full
}

const (
	open  = iota
	full  // the producer came first
	spent // the consumer has been here
)

// NewSegmented makes a queue.
func NewSegmented[T any]() *Segmented[T] {
	q := &Segmented[T]{}
	q.init()
	return q
}

func (q *Segmented[T]) init() {
	s := new(segment[T])
	q.head.Store(s)
	q.tail.Store(s)
}

// Enqueue adds v.
func (q *Segmented[T]) Enqueue(v T) bool {
	for {
		s, i := q.place()
		slot := &s.slots[i]
		slot.value = v
		if slot.state.CompareAndSwap(open, full) {
			return true
		}
		var none T
		slot.value = none
	}
}

// place draws a position for a producer.
func (q *Segmented[T]) place() (*segment[T], int64) {
	for {
		s := q.tail.Load()
		if i := s.puts.Add(1) - 1; i < segmentSize {
			return s, i
		}
		if s.next.Load() == nil {
			s.next.CompareAndSwap(nil, new(segment[T]))
		}
		q.tail.CompareAndSwap(s, s.next.Load())
	}
}

// Dequeue removes the oldest value.
func (q *Segmented[T]) Dequeue() (v T, ok bool) {
	for {
		s := q.head.Load()
		if s.takes.Load() >= s.puts.Load() && s.next.Load() == nil {
			return v, false
		}
		i := s.takes.Add(1) - 1
		if i >= segmentSize {
			next := s.next.Load()
			if next == nil {
				return v, false
			}
			q.head.CompareAndSwap(s, next)
			continue
		}
		slot := &s.slots[i]
		if slot.state.Swap(spent) == full {
			var none T
			v, slot.value = slot.value, none
			return v, true
		}
	}
}
