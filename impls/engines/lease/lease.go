// Package lease is what the adapters share: a lease that ends once, the keep-alive for locks whose library has none, and the
// list of what a client holds.
package lease

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/contendbench/contend/impls/distlock"
)

// Lease is a distlock.Lease.
type Lease struct {
	token uint64
	free  func(context.Context) error
	done  chan struct{}
	once  sync.Once
	held  *Held

	stop  context.CancelFunc // of the keep-alive
	kept  chan struct{}      // closed when no renewal is under way any more
	until time.Time          // when the lease ends without a further one; read after kept. Zero: others look after that

	mu       sync.Mutex
	released bool
}

// Token is greater than that of every earlier acquisition of the key; 0 where there is none.
func (l *Lease) Token() uint64 { return l.token }

// Done is closed when the client knows that the lease has ended.
func (l *Lease) Done() <-chan struct{} { return l.done }

// End says that the lease has ended.
func (l *Lease) End() {
	l.once.Do(func() {
		close(l.done)
		l.held.remove(l)
	})
}

// Release gives the lock back. While the servers do not answer it asks again, until ctx ends or the lease does.
func (l *Lease) Release(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.released {
		return distlock.ErrLost
	}
	l.stop()
	select {
	case <-l.kept: // a renewal that overtakes the release would raise what is gone
	case <-ctx.Done():
		return ctx.Err()
	}
	err := distlock.ErrLost
	if !l.ended() {
		err = l.give(ctx)
	}
	if err != nil && !errors.Is(err, distlock.ErrLost) {
		return err
	}
	l.released = true
	l.End()
	return err
}

func (l *Lease) give(ctx context.Context) error {
	if !l.until.IsZero() {
		limited, cancel := context.WithDeadline(ctx, l.until)
		defer cancel()
		err := l.giveWithin(limited)
		if err != nil && ctx.Err() == nil && limited.Err() != nil {
			return distlock.ErrLost
		}
		return err
	}
	return l.giveWithin(ctx)
}

// giveWithin asks until there is an answer.
func (l *Lease) giveWithin(ctx context.Context) error {
	for {
		err := l.free(ctx)
		if err == nil || errors.Is(err, distlock.ErrLost) {
			return err
		}
		select {
		case <-l.done:
			return distlock.ErrLost
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(again):
		}
	}
}

func (l *Lease) ended() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// Keep keeps the lease alive: it calls renew in every third of ttl, until the lease is released, until renew says that it is lost, or
// until none has succeeded for ttl, counted from when the server was asked; asked is that time for the acquisition.
func (l *Lease) Keep(ttl time.Duration, asked time.Time, renew func(context.Context) error) {
	ctx, stop := context.WithCancel(context.Background())
	l.stop, l.kept = stop, make(chan struct{})
	l.until = asked.Add(ttl)
	go func() {
		defer close(l.kept)
		for {
			timer := time.NewTimer(min(ttl/3, time.Until(l.until)))
			select {
			case <-ctx.Done():
				timer.Stop()
				return
			case <-timer.C:
			}
			now := time.Now()
			if !now.Before(l.until) { // perhaps because this process stood still: it is too late to renew
				l.End()
				return
			}
			limited, cancel := context.WithDeadline(context.Background(), l.until)
			err := renew(limited)
			cancel()
			switch {
			case err == nil:
				l.until = now.Add(ttl)
			case errors.Is(err, distlock.ErrLost):
				l.End()
				return
			}
		}
	}()
}

// Held is the leases that a client holds. The zero value holds none; it must not be copied.
type Held struct {
	mu     sync.Mutex
	leases map[*Lease]struct{}
}

// New makes a lease. free gives the lock back to its server; its error is distlock.ErrLost if it was somebody else's by then.
func (h *Held) New(token uint64, free func(context.Context) error) *Lease {
	kept := make(chan struct{})
	close(kept)
	l := &Lease{token: token, free: free, done: make(chan struct{}), held: h, stop: func() {}, kept: kept}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.leases == nil {
		h.leases = map[*Lease]struct{}{}
	}
	h.leases[l] = struct{}{}
	return l
}

func (h *Held) remove(l *Lease) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.leases, l)
}

// Release gives back all that is held.
func (h *Held) Release(ctx context.Context) error {
	h.mu.Lock()
	leases := make([]*Lease, 0, len(h.leases))
	for l := range h.leases {
		leases = append(leases, l)
	}
	h.mu.Unlock()
	var errs []error
	for _, l := range leases {
		if err := l.Release(ctx); !errors.Is(err, distlock.ErrLost) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
