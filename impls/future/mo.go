package future

import (
	"context"
	"sync/atomic"

	"github.com/samber/mo"
)

// Mo is the Future of samber/mo. It has one place for a callback, so a second Then on a
// pending future loses the first.
//
// Source: github.com/samber/mo v1.16.0.
// Progress: the decision wakes all waiters. Callbacks run under the future's Mutex, so one
// that waits for the future or adds another callback never returns.
// Space: a Mutex, a channel and a goroutine that starts with each future; a future for
// each callback.
// Ordering: the close of its channel synchronizes before a receive.
// Wins nowhere. The library is made for one chain of steps for each future.
// The library does not say which decision was first, so this row has an atomic flag. It
// cannot end a wait, so a Get that can be cancelled waits in a goroutine of its own, which
// stays until the decision.
// Make one with NewMo. A Mo must not be copied.
type Mo[T any] struct {
	future  *mo.Future[T]
	resolve func(T)
	reject  func(error)
	decided atomic.Bool
}

// NewMo makes a promise that is not decided.
func NewMo[T any]() *Mo[T] {
	p := new(Mo[T])
	started := make(chan struct{})
	p.future = mo.NewFuture(func(resolve func(T), reject func(error)) {
		p.resolve, p.reject = resolve, reject
		close(started)
	})
	<-started
	return p
}

// Resolve decides on a value.
func (p *Mo[T]) Resolve(value T) bool {
	if p.decided.Swap(true) {
		return false
	}
	p.resolve(value)
	return true
}

// Reject decides on an error.
func (p *Mo[T]) Reject(err error) bool {
	if p.decided.Swap(true) {
		return false
	}
	p.reject(err)
	return true
}

// Get waits for the future.
func (p *Mo[T]) Get(ctx context.Context) (T, error) {
	if ctx.Done() == nil {
		return p.future.Collect()
	}
	got := make(chan outcome[T], 1)
	go func() {
		value, err := p.future.Collect()
		got <- outcome[T]{value, err}
	}()
	var o outcome[T]
	select {
	case o = <-got:
	case <-ctx.Done():
		if !p.decided.Load() {
			return o.value, ctx.Err()
		}
		o = <-got
	}
	return o.value, o.err
}

// Then adds a callback by Finally, which is called with values and errors.
func (p *Mo[T]) Then(f func(T, error)) {
	p.future.Finally(func(value T, err error) (T, error) {
		f(value, err)
		return value, err
	})
}
