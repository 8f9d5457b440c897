// Package queue holds implementations of queues between goroutines: bounded and unbounded, for one or many at either end.
//
// The contract: every value that was put in comes out once, and what one goroutine put in comes out in that order at each that takes
// out. What was written before an Enqueue happens before the return of the Dequeue that takes its value. Neither waits: a queue without
// room refuses, and one without values has none to give. A row that promises Waits is the exception, see Waiting.
//
// A capacity is rounded up to a power of two by rows whose doc comment says so. A queue for one goroutine at an end need not be
// used by the same one for ever, if the next begins after the last has ended.
//
// What to choose: of queues for many at both ends, this project's Vyukov passes 2.0 times as many values as
// xsync.MPMCQueue and 2.3 to 2.6 times as many as a channel, with 4 producers, 4 consumers and room for 1024; Parked, which waits, 1.2
// times as many as a channel. bytedance's lscq is level with Vyukov, has no bound and holds words only. Where they lose: with room for 2, all pass 0.3 to 0.8 times what a channel does, which hands over
// without going round; with room for 16 and one producer, 4 consumers, Vyukov passes half of xsync's, since slots of few goroutines
// share lines. (Ratios of medians of 15 interleaved rounds, chosen in one run and the same in a second with another seed; the losses of one
// run of 9. Two processors of an AMD EPYC VM, Go 1.26.)
//
// To add an implementation, write its file and add one line to All, or to Words if it holds nothing else.
package queue

import "runtime"

// Queue is first in, first out.
type Queue[T any] interface {
	// Enqueue puts v in, and reports whether it did: false is a queue that is full, or looks so.
	Enqueue(v T) bool
	// Dequeue takes the oldest value out. ok is false if the queue is empty, or looks so.
	Dequeue() (v T, ok bool)
}

// Waiting is a Queue that waits for room and for values, so that it returns true only.
type Waiting[T any] interface {
	Queue[T]
	Waits()
}

// New makes an empty queue with room for capacity values, at least 1. An unbounded one takes no notice of it.
type New[T any] = func(capacity int) Queue[T]

// cacheLine is the distance in bytes that keeps two words from sharing a line, with the neighbour line that the
// prefetcher brings along.
const cacheLine = 128

// powerOfTwo returns the least power of two that is n or more.
func powerOfTwo(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}

// A spinner waits for something that another goroutine is about to do: it looks again at once, and gives its processor away every
// yieldEvery turns, because the other one may not be running at all.
type spinner uint32

const yieldEvery = 16

func (s *spinner) turn() {
	*s++
	if *s%yieldEvery == 0 {
		runtime.Gosched()
	}
}
