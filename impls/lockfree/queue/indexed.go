package queue

import "sync/atomic"

// Indexed is MichaelScott in an array of nodes that are used again. A link is an index with a tag that grows with each change of the
// word; without it a node that went and came back would pass for the one that was seen (ABA), which no garbage collector
// prevents here. For the same reason the head must not pass the tail: what the tail points to would be used again.
//
// Source: Michael and Scott, PODC 1996, figure 1; the list of free nodes is Treiber's stack, IBM RJ 5118, 1986.
// Progress: lock-free. Space: a node for each value that there is room for. Ordering: sequentially consistent.
// It is not linearizable: it is full while nodes that others take in or out are not back, although their values are.
// Wins: no garbage, and nobody who is preempted stops another. Loses: four swaps for a value.
//
// NewIndexed makes it; it must not be copied. A tag has 32 bits.
type Indexed struct {
	head link // in front of the oldest
	_    [cacheLine - 8]byte
	tail link // the newest, or one before
	_    [cacheLine - 8]byte
	free link // the first of the free ones
	_    [cacheLine - 8]byte

	step  uint64 // of the tags
	nodes []word // node 0 stands for none
}

// A link is a tag above and an index below.
type link struct{ atomic.Uint64 }

const indexBits = 32

func index(w uint64) uint64 { return w % (1 << indexBits) }

type word struct {
	value atomic.Uint64 // atomic, because it is read before the node is known to be still in the queue
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

// change moves l from old to the node of an index, and reports whether l was still old.
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

// release makes node n free.
func (q *Indexed) release(n uint64) {
	for {
		first := q.free.Load()
		q.point(n, index(first))
		if q.change(&q.free, first, n) {
			return
		}
	}
}

// point sets the next of node n, which nobody else changes now, in a way that who saw it before can tell.
func (q *Indexed) point(n, to uint64) {
	next := &q.nodes[n].next
	next.Store((next.Load()>>indexBits+q.step)<<indexBits | to)
}

// Enqueue puts v in.
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
		case q.tail.Load() != tail: // next may be of another life of the node
		case index(next) != 0:
			q.change(&q.tail, tail, index(next))
		case q.change(last, next, n):
			q.change(&q.tail, tail, n) // or somebody has helped
			return true
		}
	}
}

// Dequeue takes a value out.
func (q *Indexed) Dequeue() (v uint64, ok bool) {
	for {
		head, tail := q.head.Load(), q.tail.Load()
		next := index(q.nodes[index(head)].next.Load())
		switch {
		case q.head.Load() != head: // next may be of another life of the node
		case next == 0:
			return 0, false
		case index(head) == index(tail):
			q.change(&q.tail, tail, next)
		default:
			v = q.nodes[next].value.Load() // now: the node may be used again as soon as the head has moved
			if q.change(&q.head, head, next) {
				q.release(index(head))
				return v, true
			}
		}
	}
}
