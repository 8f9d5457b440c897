package future

import (
	"context"
	"sync"
)

// Cond is a Mutex and a condition variable, on which the decision is broadcast.
//
// Source: Hoare, Monitors: An Operating System Structuring Concept, CACM 17(10), 1974,
// §2, with Mesa's signals.
// Progress: the decision wakes all waiters, which then pass the Mutex one by one.
// Callbacks run in order, in the deciding goroutine or in the caller of Then.
// Space: a Mutex and a condition; a registered function for each wait that can be
// cancelled.
// Ordering: every access is under the Mutex.
// Wins where goroutines wait and need not be cancelled, since it makes no channel, and its
// waiters select among none. Loses with waits that can be cancelled.
// Make one with NewCond. A Cond must not be copied.
type Cond[T any] struct {
	guarded[T]
	changed sync.Cond
}

// NewCond makes a promise that is not decided.
func NewCond[T any]() *Cond[T] {
	p := new(Cond[T])
	p.init()
	return p
}

func (p *Cond[T]) init() { p.changed.L = &p.mu }

// Resolve decides on a value.
func (p *Cond[T]) Resolve(value T) bool {
	return p.decide(outcome[T]{value: value}, p.changed.Broadcast)
}

// Reject decides on an error.
func (p *Cond[T]) Reject(err error) bool {
	return p.decide(outcome[T]{err: err}, p.changed.Broadcast)
}

// Get waits for the broadcast.
func (p *Cond[T]) Get(ctx context.Context) (value T, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.decided && ctx.Done() != nil {
		stop := context.AfterFunc(ctx, func() {
			p.mu.Lock() // so that the broadcast cannot fall between a waiter's look and its wait
			defer p.mu.Unlock()
			p.changed.Broadcast()
		})
		defer stop()
	}
	for !p.decided {
		if err := ctx.Err(); err != nil {
			return value, err
		}
		p.changed.Wait()
	}
	return p.outcome.value, p.outcome.err
}
