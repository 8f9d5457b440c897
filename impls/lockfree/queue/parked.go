package queue

import (
	"runtime"
	"sync/atomic"
)

// Parked is TwoLockRing whose callers wait as those of a channel do: who finds no room or no value yields a few times and then sleeps,
// until somebody at the other end wakes it.
//
// Source: as TwoLockRing; the sleep is an event count, Reed and Kanodia, Synchronization with Eventcounts and Sequencers, CACM 22(2), 1979.
// Progress: as TwoLockRing; every value wakes a sleeper if there is one. Space, Ordering: as TwoLockRing.
// Wins: as a channel that is passed without its lock; who waits long costs nothing. Loses: no select, no close, no order among sleepers.
//
// NewParked makes it, its capacity a power of two; it must not be copied.
type Parked[T any] struct {
	values TwoLockRing[T]
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
	}
	q.filled.signal()
	return true
}

// Dequeue takes a value out, and waits for one.
func (q *Parked[T]) Dequeue() (v T, ok bool) {
	if v, ok = q.values.Dequeue(); !ok {
		q.filled.await(func() bool { v, ok = q.values.Dequeue(); return ok })
	}
	q.freed.signal()
	return v, true
}

// Waits marks it as Waiting.
func (q *Parked[T]) Waits() {}

// An event is what sleepers wait for.
type event struct {
	sleepers atomic.Int64 // announced, and not promised a wake-up yet
	wake     chan struct{}
	_        [cacheLine - 16]byte
}

// patience is how often a caller yields before it sleeps: about what a sleep and a wake-up cost.
const patience = 16

// await calls try until it is true.
func (e *event) await(try func() bool) {
	for {
		for range patience {
			runtime.Gosched()
			if try() {
				return
			}
		}
		e.sleepers.Add(1)
		if try() { // again: what came before the announcement wakes nobody
			if !e.promise() { // the announcement is used up, so a wake-up is on its way
				<-e.wake
			}
			return
		}
		<-e.wake
	}
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
