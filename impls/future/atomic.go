package future

import "context"

// Atomic is one atomic pointer: a stack of waiters and callbacks, or the decision. A
// waiter pushes itself, and the deciding goroutine takes all of them by one swap.
//
// Source: the state of Scala's promises, SIP-14, 2012; the stack of Treiber, Systems
// Programming: Coping with Parallelism, IBM RJ 5118, 1986.
// Progress: lock-free. Callbacks run in order, in the deciding goroutine or in the caller
// of Then. A cancelled waiter stays on the stack until the decision, so Atomic does not
// promise to be cancellable.
// Space: one word; a link for each callback; a link and a channel for each waiter.
// Ordering: the compare-and-swap of the decision synchronizes before each load of it.
// Wins with callbacks and without waiters. Loses with many waiters, because each makes a
// channel.
// The zero value is not decided. An Atomic must not be copied.
type Atomic[T any] struct{ word[T] }

// Resolve decides on a value.
func (p *Atomic[T]) Resolve(value T) bool { return p.decide(outcome[T]{value: value}, func() {}) }

// Reject decides on an error.
func (p *Atomic[T]) Reject(err error) bool { return p.decide(outcome[T]{err: err}, func() {}) }

// Get waits on the stack.
func (p *Atomic[T]) Get(ctx context.Context) (T, error) {
	d := p.load()
	if d == nil {
		if woken := p.join(); woken != nil {
			select {
			case <-woken:
			case <-ctx.Done():
			}
		}
		if d = p.load(); d == nil {
			var none T
			return none, ctx.Err()
		}
	}
	return d.value, d.err
}

// join pushes a waiter, and returns nil if the promise is decided.
func (p *Atomic[T]) join() chan struct{} {
	l := &link[T]{woken: make(chan struct{})}
	for {
		top := p.top.Load()
		if top.decision() != nil {
			return nil
		}
		l.next = top
		if p.top.CompareAndSwap(top, l) {
			return l.woken
		}
	}
}
