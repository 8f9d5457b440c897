package queue

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// FlatCombining is a ring on which one goroutine at a time works for all. Each call
// publishes a request. The caller that gets the lock serves all published requests while
// the ring stays in its cache.
//
// Source: Oyama, Taura and Yonezawa, Executing Parallel Programs with Synchronization
// Bottlenecks Efficiently, PDSIA 1999: a record is published for one call, and the owner
// of the lock takes the whole list at once. In the flat combining of Hendler, Incze,
// Shavit and Tzafrir, SPAA 2010, §2 and §4, records stay in the list and age.
// Progress: blocking. Waiters spin and yield.
// Space: capacity values, and a pooled record for each call in progress.
// Ordering: the store to done synchronizes before the load that sees it.
// Wins: with many processors, because the ring and its lock seldom move between them.
// Loses: with few. There a combiner seldom finds a second request, and publishing costs
// more than the call.
//
// Create it with NewFlatCombining. It must not be copied.
type FlatCombining[T any] struct {
	published atomic.Pointer[request[T]]
	_         [cpu.Line - 8]byte
	combiner  spinLock
	_         [cpu.Line - 4]byte
	values    ring[T]
	_         [cpu.Line]byte // all callers read requests, and the combiner writes values
	requests  sync.Pool
}

type request[T any] struct {
	next *request[T]
	put  bool
	ok   bool
	done atomic.Bool
	v    T
	_    [cpu.Line]byte
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

// Enqueue adds v.
func (q *FlatCombining[T]) Enqueue(v T) bool {
	_, ok := q.call(true, v, (*ring[T]).serve)
	return ok
}

// Dequeue removes the oldest value.
func (q *FlatCombining[T]) Dequeue() (v T, ok bool) { return q.call(false, v, (*ring[T]).serve) }

// call publishes a request and returns when it is served. If it gets the lock, it serves
// all requests.
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
	var s cpu.Spinner
	for !r.done.Load() {
		if q.combiner.tryLock() {
			q.combine(serve)
			q.combiner.unlock()
			continue
		}
		s.Turn()
	}
	var none T
	v, r.v = r.v, none
	ok := r.ok
	q.requests.Put(r)
	return v, ok
}

// combine serves all published requests in order of arrival.
func (q *FlatCombining[T]) combine(serve func(*ring[T], *request[T])) {
	var first *request[T]
	for r := q.published.Swap(nil); r != nil; {
		r.next, first, r = first, r, r.next
	}
	for r := first; r != nil; {
		next := r.next // serve returns the request to its owner, which may reuse it
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
