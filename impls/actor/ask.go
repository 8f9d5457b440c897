package actor

import (
	"context"
	"sync"
)

// asker is where the reply to one Ask goes.
type asker struct{ answers chan any } // of one, so that a Reply never waits

// askers are those in which no reply can come any more.
var askers = sync.Pool{New: func() any { return &asker{make(chan any, 1)} }}

// wait returns the reply. It keeps an asker that has none from being used again, because
// the reply may still come.
func (k *asker) wait(ctx context.Context, done <-chan struct{}) (any, error) {
	m, err := k.await(ctx, done)
	if err == nil {
		askers.Put(k)
	}
	return m, err
}

// await returns the reply, unless ctx ends or the actor stops before.
func (k *asker) await(ctx context.Context, done <-chan struct{}) (any, error) {
	select {
	case m := <-k.answers:
		return m, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-done:
	}
	select {
	case m := <-k.answers: // the actor replied, and then stopped
		return m, nil
	default:
		return nil, ErrStopped
	}
}
