package future

import (
	"container/list"
	"context"
)

// List keeps a list of its waiters, each with a channel of its own. A waiter whose context
// ends leaves the list.
//
// Source: the list of waiters of golang.org/x/sync/semaphore.
// Progress: the decision wakes the waiters in order of arrival. Callbacks run in order, in
// the deciding goroutine or in the caller of Then.
// Space: a Mutex and a list; a list element and a channel for each waiter.
// Ordering: the close of a waiter's channel synchronizes before the end of its wait.
// Wins nowhere against Channel; it shows what a channel for each waiter costs, which a
// promise needs that wakes its waiters selectively.
// The zero value is not decided. A List must not be copied.
type List[T any] struct {
	guarded[T]
	waiters list.List // of chan struct{}
}

// Resolve decides on a value.
func (p *List[T]) Resolve(value T) bool { return p.decide(outcome[T]{value: value}, p.wake) }

// Reject decides on an error.
func (p *List[T]) Reject(err error) bool { return p.decide(outcome[T]{err: err}, p.wake) }

// wake wakes all waiters. The caller holds mu.
func (p *List[T]) wake() {
	for e := p.waiters.Front(); e != nil; e = e.Next() {
		close(e.Value.(chan struct{}))
	}
	p.waiters.Init()
}

// Get waits in the list.
func (p *List[T]) Get(ctx context.Context) (value T, err error) {
	p.mu.Lock()
	if p.decided {
		p.mu.Unlock()
		return p.outcome.value, p.outcome.err
	}
	woken := make(chan struct{})
	place := p.waiters.PushBack(woken)
	p.mu.Unlock()
	if err := await(ctx, woken); err != nil && p.leave(place) {
		return value, err
	}
	return p.outcome.value, p.outcome.err
}

// leave takes a waiter off the list. It fails if the promise is decided by then.
func (p *List[T]) leave(place *list.Element) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.decided {
		return false
	}
	p.waiters.Remove(place)
	return true
}
