package queue

import (
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Parked is Vyukov with callers that wait as those of a channel do. A caller that finds
// no room or no value yields a few times and then sleeps. A caller at the other end wakes
// it.
//
// Source: as Vyukov; the sleep is an event count, Reed and Kanodia, Synchronization with
// Eventcounts and Sequencers, CACM 22(2), 1979.
// Progress: as Vyukov. Each value wakes one sleeper, and a sleeper that got a value wakes
// the next. The second rule is for values hidden behind an unfinished producer. Their
// wake-ups may have been in vain, and all of them become visible when it finishes.
// Space, Ordering: as Vyukov. It is linearizable, because it never reports full or empty.
// Wins: over a channel, because values pass without a lock. A long wait costs no
// processor time.
// Loses: it has no select, no close and no order among sleepers.
//
// Create it with NewParked. Its capacity is rounded up to a power of two, at least 2. It
// must not be copied.
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

// Enqueue adds v, and waits for room.
func (q *Parked[T]) Enqueue(v T) bool {
	if !q.values.Enqueue(v) {
		q.freed.await(func() bool { return q.values.Enqueue(v) })
		q.freed.signal()
	}
	q.filled.signal()
	return true
}

// Dequeue removes the oldest value, and waits for one.
func (q *Parked[T]) Dequeue() (v T, ok bool) {
	if v, ok = q.values.Dequeue(); !ok {
		v = q.await()
		q.filled.signal()
	}
	q.freed.signal()
	return v, true
}

// await waits for a value. It is a method of its own, because the closure would keep
// Dequeue's variables in memory instead of registers.
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
	_        [cpu.Line - 16]byte
}

// patience is how often a caller yields before it sleeps. It suffices if a caller at the
// other end is running.
const patience = 4

// await calls try until it returns true.
func (e *event) await(try func() bool) {
	for !e.look(try) {
		<-e.wake
	}
}

// look calls try a few times. If all calls fail it announces a sleeper and tries once
// more, because values that came before the announcement wake no sleeper.
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
	if !e.promise() { // a signal has used up the announcement, so a wake-up is on its way
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
