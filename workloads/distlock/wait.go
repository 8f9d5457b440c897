package distlock

import (
	"context"
	"errors"
	"fmt"
	"time"

	locks "github.com/contendbench/contend/impls/distlock"
)

// wait is an acquisition that waits on a goroutine of its own.
type wait struct {
	c      *company
	key    string
	cancel context.CancelFunc
	done   chan struct{}
	lease  locks.Lease // or err, after done
	err    error
}

// waits lets a client wait for a key. Half of the waits have a context that cannot end,
// for which a lock may have another way to wait.
func (g *group) waits(k locks.Client, key string, ttl time.Duration) *wait {
	if g.rng.IntN(2) == 0 {
		return g.waitsUnder(context.Background(), func() {}, k, key, ttl)
	}
	ctx, cancel := context.WithCancel(g.ctx)
	return g.waitsUnder(ctx, cancel, k, key, ttl)
}

// waitsUnder lets a client wait for a key under a context that cancel ends.
func (g *group) waitsUnder(
	ctx context.Context, cancel context.CancelFunc, k locks.Client, key string, ttl time.Duration,
) *wait {
	w := &wait{c: g.company, key: key, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(w.done)
		w.lease, w.err = k.Acquire(ctx, key, ttl)
	}()
	return w
}

// over reports whether the wait has ended.
func (w *wait) over() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// early returns what ended a wait for a key that is held, if anything did.
func (w *wait) early() error {
	switch {
	case !w.over():
		return nil
	case w.err != nil:
		return fmt.Errorf("a wait ended by itself: %w", w.err)
	}
	return errors.Join(errOverlap, w.lease.Release(w.c.ctx))
}

// ends waits for the end of the wait, which an event must bring within a time.
func (w *wait) ends(event string, within time.Duration) error {
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-w.done:
		return nil
	case <-timer.C:
	}
	return w.c.unlessStalled(
		fmt.Errorf("%s: the client that waits for %q has not returned for %v", event, brief(w.key), within), within/4)
}

// granted returns the lease that an event gives to the wait within a time. before is the
// lease that ended by it.
func (w *wait) granted(event string, before locks.Lease, within time.Duration) (locks.Lease, error) {
	defer w.cancel()
	if err := w.ends(event, within); err != nil {
		return nil, err
	}
	if w.err != nil {
		return nil, fmt.Errorf("%s: the client that waits got an error: %w", event, w.err)
	}
	return w.lease, w.c.follows(w.lease, before)
}

// cancelled ends the wait by its context.
func (w *wait) cancelled(within time.Duration) error {
	w.cancel()
	if err := w.ends("a cancellation", within); err != nil {
		return err
	}
	switch {
	case w.err == nil:
		return errors.Join(errOverlap, w.lease.Release(w.c.ctx))
	case !errors.Is(w.err, context.Canceled):
		return fmt.Errorf("a cancelled wait ended with %w, want %w", w.err, context.Canceled)
	}
	return nil
}
