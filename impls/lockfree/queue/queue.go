// Package queue holds queues between goroutines: bounded and unbounded, for one goroutine
// or for many at either end.
//
// The contract: every value that was enqueued is dequeued once, also if it is zero or
// nil. Each consumer gets the values of one producer in the order in which that producer
// enqueued them. Writes before an Enqueue happen before the return of the Dequeue that
// gets its value. Neither call waits: Enqueue fails on a full queue, and Dequeue fails on
// an empty one. Queues that promise Waits are the exception, see Waiting.
//
// Some queues round their capacity up to a power of two, and then at any capacity. Their
// doc comments say so. Where one end is for one goroutine, another goroutine may take over
// once the first has finished. A queue has no Close, so neither a call nor New leaves a
// goroutine behind.
//
// What to choose: Vyukov for many goroutines at both ends and a long ring. A call makes
// one compare-and-swap, and the two ends meet only in the slots. Parked is Vyukov for
// callers that must wait. LSCQ keeps up with Vyukov and has no bound, but it holds only
// words. A channel is better with room for few values, because it hands a value directly
// to a waiting goroutine. XsyncMPMC is better for a short ring with one producer, because
// its slots do not share cache lines.
//
// To add an implementation, write its file and add one line to All, or to OfWords if it
// holds only words.
package queue

import "github.com/contendbench/contend/impls"

// Queue is first in, first out.
type Queue[T any] interface {
	// Enqueue adds v, and reports whether it did. It returns false if the queue is full,
	// or looks so.
	Enqueue(v T) bool
	// Dequeue removes the oldest value. ok is false if the queue is empty, or looks so.
	Dequeue() (v T, ok bool)
}

// Waiting is a Queue that waits for room and for values, so its calls always return true.
type Waiting[T any] interface {
	Queue[T]
	Waits()
}

// New makes an empty queue with room for capacity values, at least 1. An unbounded one
// ignores it.
type New[T any] = func(capacity int) Queue[T]

// The promises of queues.
var (
	MultiProducer = impls.Promise{Name: "multi-producer", Meaning: "lets several goroutines enqueue at once"}
	MultiConsumer = impls.Promise{Name: "multi-consumer", Meaning: "lets several goroutines dequeue at once"}
	Waits         = impls.Promise{Name: "waits", Meaning: "waits while it is full or empty, instead of reporting it"}
)
