package queue

import (
	"runtime"
	"sync/atomic"
)

// Parked is Vyukov whose callers wait as those of a channel do: who finds no room or no value yields a few times and then sleeps, until
// somebody at the other end wakes it.
//
// Source: as Vyukov; the sleep is an event count, Reed and Kanodia, Synchronization with Eventcounts and Sequencers, CACM 22(2), 1979.
// Progress: as Vyukov. A value wakes a sleeper if there is one, and a sleeper that got one wakes the next: values that stood unseen
// behind a producer that was half done may have woken some in vain, and are all seen when it is done.
// Space, Ordering: as Vyukov. It is linearizable, since it does not say full or empty.
// Wins: as a channel that is passed without a lock; who waits long costs nothing. Loses: no select, no close, no order among sleepers.
//
// NewParked makes it, its capacity a power of two, at least 2; it must not be copied.
type Parked[T any] struct {
	values Vyukov[T]
	filled event
	freed  event
}

// NewParked makes a queue.
func NewParked[T any](capacity int) *Parked[T] {
	q := &Parked[T]{}
	q.init(capacity)
	return q
}

func (q *Parked[T]) init(capacity int) {
	q.values.init(capacity)
	q.filled.wake, q.freed.wake = make(chan struct{}), make(chan struct{})
}

// Enqueue puts v in, and waits for room.
func (q *Parked[T]) Enqueue(v T) bool {
	if !q.values.Enqueue(v) {
		q.freed.await(func() bool { return q.values.Enqueue(v) })
		q.freed.signal()
	}
	q.filled.signal()
	return true
}

// Dequeue takes a value out, and waits for one.
func (q *Parked[T]) Dequeue() (v T, ok bool) {
	if v, ok = q.values.Dequeue(); !ok {
		v = q.await()
		q.filled.signal()
	}
	q.freed.signal()
	return v, true
}

// await waits for a value. It is no part of Dequeue, whose variables would lie in memory for it.
func (q *Parked[T]) await() (v T) {
	q.filled.await(func() bool {
		var ok bool
		v, ok = q.values.Dequeue()
		return ok
	})
	return v
}

// Waits marks it as Waiting.
func (q *Parked[T]) Waits() {}

// An event is what sleepers wait for.
type event struct {
	sleepers atomic.Int64 // announced, and not promised a wake-up yet
	wake     chan struct{}
	_        [cacheLine - 16]byte
}

// patience is how often a caller yields before it sleeps: enough for one at the other end that runs.
const patience = 4

// await calls try until it is true.
func (e *event) await(try func() bool) {
	for !e.look(try) {
		<-e.wake
	}
}

// look calls try some times and announces a sleeper if it stays false. It looks again then, because what came before the announcement
// wakes nobody.
func (e *event) look(try func() bool) bool {
	for range patience {
		runtime.Gosched()
		if try() {
			return true
		}
	}
	e.sleepers.Add(1)
	if !try() {
		return false
	}
	if !e.promise() { // the announcement is used up, so a wake-up is on its way
		<-e.wake
	}
	return true
}

// promise takes one sleeper off the count, and reports whether there was one.
func (e *event) promise() bool {
	for {
		n := e.sleepers.Load()
		if n == 0 || e.sleepers.CompareAndSwap(n, n-1) {
			return n > 0
		}
	}
}

// signal wakes a sleeper if there is one.
func (e *event) signal() {
	if e.promise() {
		e.wake <- struct{}{}
	}
}
