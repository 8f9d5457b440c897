package future

import (
	"context"
	"log/slog"
	"sync"

	"github.com/asynkron/protoactor-go/actor"
)

// Protoactor is the Future of protoactor-go, which a message decides. It signals where it
// should broadcast, and a late message changes its result.
//
// Source: github.com/asynkron/protoactor-go v0.0.0-20240822202345-3c0e61ca19c9, package
// actor.
// Progress: the message wakes one waiter. The others wait forever.
// Space: a Mutex, a condition, and an entry in the registry of an actor system; a goroutine
// for each callback and for each wait that can be cancelled, until the decision.
// Ordering: its Mutex, but for the result, which is written without it.
// Wins nowhere. The library is made for one waiter of one request to an actor.
// The library does not say which message was first, so a deciding call looks whether the
// result is its own. It has no callbacks for other packages, so a goroutine waits for each.
// It cannot end a wait, so a Get that can be cancelled waits in a goroutine of its own.
// Make one with NewProtoactor. A Protoactor must not be copied.
type Protoactor[T any] struct {
	future  *actor.Future
	calling sync.Mutex
}

// actors is the actor system of all such futures.
var actors = sync.OnceValue(func() *actor.ActorSystem {
	silent := func(*actor.ActorSystem) *slog.Logger { return slog.New(slog.DiscardHandler) }
	return actor.NewActorSystem(actor.WithLoggerFactory(silent), actor.WithDeadLetterThrottleCount(0))
})

// NewProtoactor makes a promise that is not decided, without the library's timeout.
func NewProtoactor[T any]() *Protoactor[T] {
	return &Protoactor[T]{future: actor.NewFuture(actors(), -1)}
}

// Resolve sends a value.
func (p *Protoactor[T]) Resolve(value T) bool { return p.decide(&outcome[T]{value: value}) }

// Reject sends an error.
func (p *Protoactor[T]) Reject(err error) bool { return p.decide(&outcome[T]{err: err}) }

func (p *Protoactor[T]) decide(o *outcome[T]) bool {
	actors().Root.Send(p.future.PID(), o)
	return p.result() == o
}

// result waits for the result.
func (p *Protoactor[T]) result() *outcome[T] {
	result, err := p.future.Result()
	if err != nil {
		return &outcome[T]{err: err}
	}
	return result.(*outcome[T])
}

// Get waits for the result.
func (p *Protoactor[T]) Get(ctx context.Context) (value T, err error) {
	if ctx.Done() == nil {
		o := p.result()
		return o.value, o.err
	}
	got := make(chan *outcome[T], 1)
	go func() { got <- p.result() }()
	select {
	case o := <-got:
		return o.value, o.err
	case <-ctx.Done():
		return value, ctx.Err()
	}
}

// Then starts a goroutine that waits.
func (p *Protoactor[T]) Then(f func(T, error)) {
	go func() {
		o := p.result()
		p.calling.Lock()
		defer p.calling.Unlock()
		f(o.value, o.err)
	}()
}
