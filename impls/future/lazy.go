package future

import (
	"context"
	"sync/atomic"
)

// Lazy is an atomic word for the decision and the callbacks, and a channel for the
// waiters, which the first of them makes.
//
// Source: the Done channel of package context's cancelCtx, which its first caller makes;
// the word of Atomic.
// Progress: lock-free, but for the channel. Callbacks run in order, in the deciding
// goroutine or in the caller of Then.
// Space: two words; a link for each callback; one channel for all waiters, if there are
// any.
// Ordering: a waiter publishes the channel and then looks for the decision. The deciding
// goroutine publishes the decision and then looks for the channel. Both are sequentially
// consistent, so one of them sees the other.
// Wins where most promises are decided before a goroutine waits, and with callbacks.
// Loses to Channel by one atomic operation where a goroutine always waits.
// The zero value is not decided. A Lazy must not be copied.
type Lazy[T any] struct {
	word[T]
	done atomic.Pointer[chan struct{}]
}

// Resolve decides on a value.
func (p *Lazy[T]) Resolve(value T) bool { return p.decide(outcome[T]{value: value}, p.wake) }

// Reject decides on an error.
func (p *Lazy[T]) Reject(err error) bool { return p.decide(outcome[T]{err: err}, p.wake) }

func (p *Lazy[T]) wake() {
	if done := p.done.Load(); done != nil {
		close(*done)
	}
}

// Get waits for the channel, unless the promise is decided.
func (p *Lazy[T]) Get(ctx context.Context) (T, error) {
	d := p.load()
	if d == nil {
		done := p.channel()
		if d = p.load(); d == nil {
			select {
			case <-done:
			case <-ctx.Done():
			}
			d = p.load()
		}
	}
	if d == nil {
		var none T
		return none, ctx.Err()
	}
	return d.value, d.err
}

// channel returns the channel of all waiters.
func (p *Lazy[T]) channel() chan struct{} {
	if done := p.done.Load(); done != nil {
		return *done
	}
	done := make(chan struct{})
	if p.done.CompareAndSwap(nil, &done) {
		return done
	}
	return *p.done.Load()
}
