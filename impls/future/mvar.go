package future

import (
	"context"
	"sync"
	"sync/atomic"
)

// MVar is a channel with room for the outcome. A waiter takes the outcome out and puts it
// back for the next. Callbacks are goroutines that wait.
//
// Source: Peyton Jones, Gordon and Finne, Concurrent Haskell, POPL 1996: the MVar.
// Progress: waiters pass one after the other, each woken by the one before. Callbacks run
// one at a time, in no particular order.
// Space: a channel with room for the outcome; a goroutine for each callback, until the
// promise is decided.
// Ordering: a send synchronizes before the receive of what it sent.
// Wins nowhere; it is what a channel gives by itself. Loses with many waiters, because
// they wake one by one, and with callbacks.
// Make one with NewMVar. An MVar must not be copied.
type MVar[T any] struct {
	decided atomic.Bool
	full    chan outcome[T]
	calling sync.Mutex
}

// NewMVar makes a promise that is not decided.
func NewMVar[T any]() *MVar[T] {
	p := new(MVar[T])
	p.init()
	return p
}

func (p *MVar[T]) init() { p.full = make(chan outcome[T], 1) }

// Resolve decides on a value.
func (p *MVar[T]) Resolve(value T) bool { return p.decide(outcome[T]{value: value}) }

// Reject decides on an error.
func (p *MVar[T]) Reject(err error) bool { return p.decide(outcome[T]{err: err}) }

func (p *MVar[T]) decide(o outcome[T]) bool {
	if p.decided.Swap(true) {
		return false
	}
	p.full <- o
	return true
}

// Get takes the outcome and puts it back.
func (p *MVar[T]) Get(ctx context.Context) (T, error) {
	if !p.decided.Load() {
		select {
		case o := <-p.full:
			p.full <- o
			return o.value, o.err
		case <-ctx.Done():
		}
		if !p.decided.Load() {
			var none T
			return none, ctx.Err()
		}
	}
	o := <-p.full // it is there, or another waiter is about to put it back
	p.full <- o
	return o.value, o.err
}

// Then starts a goroutine that waits.
func (p *MVar[T]) Then(f func(T, error)) {
	go func() {
		value, err := p.Get(context.Background())
		p.calling.Lock()
		defer p.calling.Unlock()
		f(value, err)
	}()
}
