package queue

// Channel is a buffered channel as it is mostly used: who finds no room or no value sleeps.
//
// Source: Hoare 1978, §5; the Go Programming Language Specification, Channel types.
// Progress: blocking, parked, first come first served. Space: capacity values. Ordering: that of channels.
// Wins: who waits costs nothing meanwhile; select, close. Loses: one lock for both ends, and a wake-up wherever the other end is slow.
//
// NewChannel makes it.
type Channel[T any] struct{ values chan T }

// NewChannel makes a queue.
func NewChannel[T any](capacity int) Channel[T] { return Channel[T]{make(chan T, capacity)} }

// Enqueue puts v in, and waits for room.
func (q Channel[T]) Enqueue(v T) bool {
	q.values <- v
	return true
}

// Dequeue takes a value out, and waits for one.
func (q Channel[T]) Dequeue() (v T, ok bool) { return <-q.values, true }

// Waits marks it as Waiting.
func (q Channel[T]) Waits() {}

// Polled is a buffered channel that nobody sleeps at.
//
// Source: the Go Programming Language Specification, Select statements (default).
// Progress: blocking on the channel's lock. Space: capacity values. Ordering: that of channels.
// Wins: over Channel where somebody else is ready to run anyway. Loses: as Channel, but for the sleeping.
//
// NewPolled makes it.
type Polled[T any] struct{ values chan T }

// NewPolled makes a queue.
func NewPolled[T any](capacity int) Polled[T] { return Polled[T]{make(chan T, capacity)} }

// Enqueue puts v in.
func (q Polled[T]) Enqueue(v T) bool {
	select {
	case q.values <- v:
		return true
	default:
		return false
	}
}

// Dequeue takes a value out.
func (q Polled[T]) Dequeue() (v T, ok bool) {
	select {
	case v = <-q.values:
		return v, true
	default:
		return v, false
	}
}
