package queue

// Channel is a buffered channel in its usual form: a caller that finds no room or no
// value sleeps.
//
// Source: Hoare 1978, §5; the Go Programming Language Specification, Channel types.
// Progress: blocking. Waiters sleep, and are served in order of arrival.
// Space: capacity values.
// Ordering: that of channels.
// Wins: where callers wait, because a waiter costs no processor time. It has select and
// close.
// Loses: under load, because both ends share one lock. Where one end is slow, each value
// costs a wake-up.
//
// Create it with NewChannel. Copies are the same queue.
type Channel[T any] struct{ values chan T }

// NewChannel makes a queue.
func NewChannel[T any](capacity int) Channel[T] { return Channel[T]{make(chan T, capacity)} }

// Enqueue adds v, and waits for room.
func (q Channel[T]) Enqueue(v T) bool {
	q.values <- v
	return true
}

// Dequeue removes the oldest value, and waits for one.
func (q Channel[T]) Dequeue() (v T, ok bool) { return <-q.values, true }

// Waits marks it as Waiting.
func (q Channel[T]) Waits() {}

// Polled is a buffered channel at which no caller sleeps.
//
// Source: the Go Programming Language Specification, Select statements (default).
// Progress: blocking on the channel's lock.
// Space: capacity values.
// Ordering: that of channels.
// Wins: over Channel where another goroutine is always ready to run, because it saves the
// sleep.
// Loses: as Channel, because both ends share one lock.
//
// Create it with NewPolled. Copies are the same queue.
type Polled[T any] struct{ values chan T }

// NewPolled makes a queue.
func NewPolled[T any](capacity int) Polled[T] { return Polled[T]{make(chan T, capacity)} }

// Enqueue adds v.
func (q Polled[T]) Enqueue(v T) bool {
	select {
	case q.values <- v:
		return true
	default:
		return false
	}
}

// Dequeue removes the oldest value.
func (q Polled[T]) Dequeue() (v T, ok bool) {
	select {
	case v = <-q.values:
		return v, true
	default:
		return v, false
	}
}
