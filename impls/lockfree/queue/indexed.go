package queue

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Indexed is MichaelScott in an array of nodes that are reused. A link is an index with a
// tag that grows with each change of the word. Without the tag, a node that was removed
// and reused would look unchanged (ABA), and no garbage collector prevents that here. For
// the same reason the head must not pass the tail: the tail would point to a reused node.
//
// Source: Michael and Scott, PODC 1996, figure 1; the list of free nodes is Treiber's
// stack, IBM RJ 5118, 1986.
// Progress: lock-free. It is not linearizable, because it can be full while other calls
// hold nodes. A node that is being enqueued is not in the queue yet, and one that was
// dequeued is not free yet.
// Space: a node for each value of the capacity.
// Ordering: sequentially consistent.
// Wins: with many goroutines, because a descheduled one blocks no other. It makes no
// garbage.
// Loses: five compare-and-swaps for each value.
//
// Create it with NewIndexed. It must not be copied. A tag has 32 bits.
type Indexed struct {
	head link // the node before the oldest value
	_    [cpu.Line - 8]byte
	tail link // the last node, or the one before it
	_    [cpu.Line - 8]byte
	free link // the first free node
	_    [cpu.Line - 8]byte

	step  uint64 // by which tags grow
	nodes []word // node 0 means none
}

// A link is a tag in the high bits and an index in the low ones.
type link struct{ atomic.Uint64 }

const indexBits = 32

func index(w uint64) uint64 { return w % (1 << indexBits) }

type word struct {
	value atomic.Uint64 // atomic, because a Dequeue reads it before it knows that the node is still queued
	next  link
}

// NewIndexed makes a queue.
func NewIndexed(capacity int) *Indexed {
	q := &Indexed{}
	q.init(capacity, 1)
	return q
}

func (q *Indexed) init(capacity int, step uint64) {
	q.step = step
	q.nodes = make([]word, capacity+2)
	for i := 2; i < len(q.nodes); i++ {
		q.release(uint64(i))
	}
	q.head.Store(1)
	q.tail.Store(1)
}

// change moves l from old to the node with an index, and reports whether l was still old.
func (q *Indexed) change(l *link, old, to uint64) bool {
	return l.CompareAndSwap(old, (old>>indexBits+q.step)<<indexBits|to)
}

// take returns a free node, or 0.
func (q *Indexed) take() uint64 {
	for {
		first := q.free.Load()
		if index(first) == 0 || q.change(&q.free, first, index(q.nodes[index(first)].next.Load())) {
			return index(first)
		}
	}
}

// release frees node n.
func (q *Indexed) release(n uint64) {
	for {
		first := q.free.Load()
		q.point(n, index(first))
		if q.change(&q.free, first, n) {
			return
		}
	}
}

// point sets the next of node n, which no other goroutine changes now. The tag grows, so
// that a goroutine that read the old link fails to swap it.
func (q *Indexed) point(n, to uint64) {
	next := &q.nodes[n].next
	next.Store((next.Load()>>indexBits+q.step)<<indexBits | to)
}

// Enqueue adds v.
func (q *Indexed) Enqueue(v uint64) bool {
	n := q.take()
	if n == 0 {
		return false
	}
	q.nodes[n].value.Store(v)
	q.point(n, 0)
	for {
		tail := q.tail.Load()
		last := &q.nodes[index(tail)].next
		next := last.Load()
		switch {
		case q.tail.Load() != tail: // next may belong to a later use of the node
		case index(next) != 0:
			q.change(&q.tail, tail, index(next))
		case q.change(last, next, n):
			q.change(&q.tail, tail, n) // fails if another call has moved the tail already
			return true
		}
	}
}

// Dequeue removes the oldest value.
func (q *Indexed) Dequeue() (v uint64, ok bool) {
	for {
		head, tail := q.head.Load(), q.tail.Load()
		next := index(q.nodes[index(head)].next.Load())
		switch {
		case q.head.Load() != head: // next may belong to a later use of the node
		case next == 0:
			return 0, false
		case index(head) == index(tail):
			q.change(&q.tail, tail, next)
		default:
			v = q.nodes[next].value.Load() // read first: the node may be reused as soon as the head has moved
			if q.change(&q.head, head, next) {
				q.release(index(head))
				return v, true
			}
		}
	}
}
