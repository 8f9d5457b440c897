package future

import "context"

// Channel is a channel that the decision closes. A Mutex guards the decision and the
// callbacks.
//
// Source: The Go Memory Model, Channel communication: the closing of a channel.
// Progress: the decision wakes all waiters. Callbacks run in order, in the deciding
// goroutine or in the caller of Then.
// Space: a channel and a Mutex for each promise; a waiter needs nothing of its own.
// Ordering: the close synchronizes before a receive that returns because of it.
// Wins in select statements and in simplicity. Loses where promises are many and short,
// because it makes a channel for each, also if no goroutine waits.
// Make one with NewChannel. A Channel must not be copied.
type Channel[T any] struct {
	guarded[T]
	done chan struct{}
}

// NewChannel makes a promise that is not decided.
func NewChannel[T any]() *Channel[T] {
	p := new(Channel[T])
	p.init()
	return p
}

func (p *Channel[T]) init() { p.done = make(chan struct{}) }

// Resolve decides on a value.
func (p *Channel[T]) Resolve(value T) bool { return p.decide(outcome[T]{value: value}, p.wake) }

// Reject decides on an error.
func (p *Channel[T]) Reject(err error) bool { return p.decide(outcome[T]{err: err}, p.wake) }

func (p *Channel[T]) wake() { close(p.done) }

// Get waits for the channel.
func (p *Channel[T]) Get(ctx context.Context) (T, error) {
	if err := await(ctx, p.done); err != nil {
		var none T
		return none, err
	}
	return p.outcome.value, p.outcome.err
}

// await waits until done is closed or ctx ends. If done is closed, it returns nil.
func await(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	default:
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-done:
		return nil
	default:
		return ctx.Err()
	}
}
