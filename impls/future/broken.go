package future

import (
	"context"
	"reflect"
	"time"
)

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// Never use them.

// checkThenSet is Atomic whose Resolve looks for a decision and then puts its own in its
// place.
type checkThenSet[T any] struct{ Atomic[T] }

func (p *checkThenSet[T]) Resolve(value T) bool {
	if p.load() != nil {
		return false
	}
	d := newDecision(outcome[T]{value: value})
	mark := &link[T]{made: d}
	d.serve(p.top.Swap(mark), nil) // bug: Atomic compares and swaps
	p.callAll(d, mark)
	return true
}

// uncheckedPush is Lazy whose Then looks for the decision once, and then pushes the
// callback onto whatever it finds.
type uncheckedPush[T any] struct{ Lazy[T] }

func (p *uncheckedPush[T]) Then(f func(T, error)) {
	if p.load() != nil {
		p.Lazy.Then(f)
		return
	}
	l := &link[T]{call: f}
	for {
		top := p.top.Load()
		l.next, l.made = top, top.decision()
		if p.top.CompareAndSwap(top, l) {
			return // bug: Lazy calls the callback if the promise is decided by now
		}
	}
}

// thenOverwrites is Channel that has room for one callback.
type thenOverwrites[T any] struct{ Channel[T] }

func (p *thenOverwrites[T]) Then(f func(T, error)) {
	p.mu.Lock()
	p.callbacks = []func(T, error){f} // bug: Channel appends
	p.callAll()
}

// signals is Cond that signals where Cond broadcasts.
type signals[T any] struct{ Cond[T] }

func (p *signals[T]) Resolve(value T) bool {
	return p.decide(outcome[T]{value: value}, p.changed.Signal) // bug: Cond broadcasts
}

// closesFirst is Channel that closes the channel before it has the value.
type closesFirst[T any] struct{ Channel[T] }

func (p *closesFirst[T]) Resolve(value T) bool {
	p.mu.Lock()
	if p.decided {
		p.mu.Unlock()
		return false
	}
	p.decided = true
	p.wake()
	p.outcome.value = value // bug: Channel stores the value first
	p.callAll()
	return true
}

// takesOutcome is MVar whose Get looks at its context after it has taken the outcome, and
// does not put that back.
type takesOutcome[T any] struct{ MVar[T] }

func (p *takesOutcome[T]) Get(ctx context.Context) (value T, err error) {
	select {
	case o := <-p.full:
		if err := ctx.Err(); err != nil { // bug: MVar puts the outcome back in any case …
			return value, err // …
		}
		p.full <- o
		return o.value, o.err
	case <-ctx.Done():
		return value, ctx.Err()
	}
}

// callsTwice is Lazy that calls a late callback at once, and adds it too.
type callsTwice[T any] struct{ Lazy[T] }

func (p *callsTwice[T]) Then(f func(T, error)) {
	if d := p.load(); d != nil {
		f(d.value, d.err) // bug: Lazy only adds it
	}
	p.Lazy.Then(f)
}

// callsLocked is Channel that calls the callbacks before it unlocks the Mutex.
type callsLocked[T any] struct{ Channel[T] }

func (p *callsLocked[T]) Resolve(value T) bool {
	p.mu.Lock()
	defer p.mu.Unlock() // bug: Channel unlocks before it calls
	if p.decided {
		return false
	}
	p.decided, p.outcome.value = true, value
	p.wake()
	for _, f := range p.callbacks {
		f(value, nil)
	}
	p.callbacks = nil
	return true
}

// staysListed is List whose cancelled waiters stay in the list.
type staysListed[T any] struct{ List[T] }

func (p *staysListed[T]) Get(ctx context.Context) (value T, err error) {
	p.mu.Lock()
	if p.decided {
		p.mu.Unlock()
		return p.outcome.value, p.outcome.err
	}
	woken := make(chan struct{})
	p.waiters.PushBack(woken)
	p.mu.Unlock()
	if err := await(ctx, woken); err != nil { // bug: List takes the waiter off
		return value, err
	}
	return p.outcome.value, p.outcome.err
}

// watcherStays is Cond whose waits leave their functions with their contexts.
type watcherStays[T any] struct{ Cond[T] }

func (p *watcherStays[T]) Get(ctx context.Context) (value T, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.decided && ctx.Done() != nil {
		context.AfterFunc(ctx, func() { // bug: Cond stops it at the end of the wait
			p.mu.Lock()
			defer p.mu.Unlock()
			p.changed.Broadcast()
		})
	}
	for !p.decided {
		if err := ctx.Err(); err != nil {
			return value, err
		}
		p.changed.Wait()
	}
	return p.outcome.value, p.outcome.err
}

// contextFirst is Lazy whose Get looks at its context first.
type contextFirst[T any] struct{ Lazy[T] }

func (p *contextFirst[T]) Get(ctx context.Context) (value T, err error) {
	if err := ctx.Err(); err != nil { // bug: Lazy looks for the decision first
		return value, err
	}
	return p.Lazy.Get(ctx)
}

// polls is Spin that sleeps between two looks.
type polls[T any] struct{ Spin[T] }

func (p *polls[T]) Get(ctx context.Context) (value T, err error) {
	for {
		err := ctx.Err()
		if d := p.load(); d != nil {
			return d.value, d.err
		}
		if err != nil {
			return value, err
		}
		time.Sleep(2 * time.Millisecond) // bug: Spin looks again at once
	}
}

// lastFirst is Atomic that calls the callbacks as it finds them on the stack.
type lastFirst[T any] struct{ Atomic[T] }

func (p *lastFirst[T]) Resolve(value T) bool {
	d := newDecision(outcome[T]{value: value})
	mark := &link[T]{made: d}
	for {
		top := p.top.Load()
		if top.decision() != nil {
			return false
		}
		if !p.top.CompareAndSwap(top, mark) {
			continue
		}
		for l := top; l != nil; l = l.next { // bug: Atomic reverses the stack first
			if l.woken != nil {
				close(l.woken)
			} else {
				l.call(value, nil)
			}
		}
		p.callAll(d, mark)
		return true
	}
}

// callsAside is Lazy that starts a goroutine for each callback.
type callsAside[T any] struct{ Lazy[T] }

func (p *callsAside[T]) Then(f func(T, error)) {
	p.Lazy.Then(func(value T, err error) {
		go f(value, err) // bug: Lazy calls it
	})
}

// zeroIsNone is Spin that waits while the outcome is zero.
type zeroIsNone[T any] struct{ Spin[T] }

func (p *zeroIsNone[T]) Get(ctx context.Context) (value T, err error) {
	for {
		if err := ctx.Err(); err != nil {
			return value, err
		}
		value, err := p.Spin.Get(ctx)
		if err != nil || !reflect.ValueOf(&value).Elem().IsZero() { // bug: Spin returns any value
			return value, err
		}
	}
}

// lateReject is Cond whose Reject notes its error before it looks whether it comes first.
type lateReject[T any] struct{ Cond[T] }

func (p *lateReject[T]) Reject(err error) bool {
	p.mu.Lock()
	p.outcome.err = err // bug: Cond leaves the outcome of an earlier decision
	p.mu.Unlock()
	return p.decide(outcome[T]{err: err}, p.changed.Broadcast)
}
