package queue

import (
	"sync"
	"sync/atomic"
)

// FlatCombining is a ring that one goroutine at a time works at for all: a call is published as a record, and whoever gets the lock
// does all that are published, while the ring stays in its cache.
//
// Source: Hendler, Incze, Shavit and Tzafrir, Flat Combining and the Synchronization-Parallelism Tradeoff, SPAA 2010, §2 and §4.
// Here a record is published for one call and the combiner takes the whole list at once, in place of records that stay and age.
// Progress: blocking; spins and yields. Space: capacity values, and a record of a line for each call under way, pooled.
// Ordering: the store to done synchronizes before the load that sees it.
// Wins: many processors. Loses: with few of them nobody's call waits for a combiner, and publishing costs more than the call.
//
// NewFlatCombining makes it; it must not be copied.
type FlatCombining[T any] struct {
	published atomic.Pointer[request[T]]
	_         [cacheLine - 8]byte
	combiner  spinLock
	_         [cacheLine - 4]byte
	values    ring[T]
	requests  sync.Pool
}

type request[T any] struct {
	next *request[T]
	put  bool
	ok   bool
	done atomic.Bool
	v    T
	_    [cacheLine]byte
}

// NewFlatCombining makes a queue.
func NewFlatCombining[T any](capacity int) *FlatCombining[T] {
	q := &FlatCombining[T]{}
	q.init(capacity)
	return q
}

func (q *FlatCombining[T]) init(capacity int) {
	q.values = newRing[T](capacity)
	q.requests.New = func() any { return new(request[T]) }
}

// Enqueue puts v in.
func (q *FlatCombining[T]) Enqueue(v T) bool {
	_, ok := q.call(true, v, (*ring[T]).serve)
	return ok
}

// Dequeue takes a value out.
func (q *FlatCombining[T]) Dequeue() (v T, ok bool) { return q.call(false, v, (*ring[T]).serve) }

// call publishes a request and waits until somebody has served it, or serves it with all others.
func (q *FlatCombining[T]) call(put bool, v T, serve func(*ring[T], *request[T])) (T, bool) {
	r := q.requests.Get().(*request[T])
	r.put, r.v = put, v
	r.done.Store(false)
	for {
		r.next = q.published.Load()
		if q.published.CompareAndSwap(r.next, r) {
			break
		}
	}
	var s spinner
	for !r.done.Load() {
		if q.combiner.tryLock() {
			q.combine(serve)
			q.combiner.unlock()
			continue
		}
		s.turn()
	}
	var none T
	v, r.v = r.v, none
	ok := r.ok
	q.requests.Put(r)
	return v, ok
}

// combine serves all requests that are published, in the order in which they came.
func (q *FlatCombining[T]) combine(serve func(*ring[T], *request[T])) {
	var first *request[T]
	for r := q.published.Swap(nil); r != nil; {
		r.next, first, r = first, r, r.next
	}
	for r := first; r != nil; {
		next := r.next // the request is its owner's again once it is done
		serve(&q.values, r)
		r = next
	}
}

// serve does what r asks for.
func (q *ring[T]) serve(r *request[T]) {
	if r.put {
		r.ok = q.put(r.v)
	} else {
		r.v, r.ok = q.take()
	}
	r.done.Store(true)
}
