// Package lease is what the engines' locks share: a lease that ends once, the keep-alive
// for locks whose library has none, and the list of what a client holds.
package lease

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/cluster"
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
	until time.Time          // when the lease ends without another renewal; read after kept. Zero: without a keep-alive

	turn     chan struct{} // holds a value while a release is under way
	released bool
}

// Token is greater than the token of every earlier acquisition of the key. 0: the lock
// has no tokens.
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

// laterTime is for how long a release continues after its context has ended.
const laterTime = 10 * time.Second

// Release frees the lock. While the servers do not answer, it retries until ctx ends or
// the lease does. If ctx ends first, it continues in the background for laterTime, so
// that a lock which its holder has given up does not stay.
func (l *Lease) Release(ctx context.Context) error {
	err := l.release(ctx)
	if err == nil || errors.Is(err, distlock.ErrLost) {
		return err
	}
	go func() {
		later, cancel := context.WithTimeout(context.Background(), laterTime)
		defer cancel()
		_ = l.release(later) // the caller has its error; what is left now expires, or ends with the client
	}()
	return err
}

func (l *Lease) release(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-l.turn }()
	if l.released {
		return distlock.ErrLost
	}
	l.stop()
	select {
	case <-l.kept: // a renewal that overtakes the release would restore what is gone
	case <-ctx.Done():
		return ctx.Err()
	}
	err := distlock.ErrLost
	if !l.ended() {
		err = l.freeInTime(ctx)
	}
	if err != nil && !errors.Is(err, distlock.ErrLost) {
		return err
	}
	l.released = true
	l.End()
	return err
}

// freeInTime frees the lock before the lease ends by itself.
func (l *Lease) freeInTime(ctx context.Context) error {
	if l.until.IsZero() {
		return l.freeOrRetry(ctx)
	}
	limited, cancel := context.WithDeadline(ctx, l.until)
	defer cancel()
	err := l.freeOrRetry(limited)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return distlock.ErrLost
	}
	return err
}

// freeOrRetry asks the server until it answers.
func (l *Lease) freeOrRetry(ctx context.Context) error {
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
		case <-time.After(cluster.RetryPause):
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

// Keep keeps the lease alive: it calls renew every third of ttl. It ends when the lease
// is released, when renew reports that the lease is lost, or when no renewal has
// succeeded for ttl. That time counts from when the server was asked; asked is that
// instant for the acquisition.
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
			if !now.Before(l.until) { // too late to renew: this process may have stalled
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

// Held is the leases that a client holds. The zero value holds none. A Held must not be
// copied.
type Held struct {
	mu     sync.Mutex
	leases map[*Lease]struct{}
	closed bool
}

// New makes a lease. free frees the lock at its server. The error of free is
// distlock.ErrLost if another client holds the lock by then, or none.
func (h *Held) New(token uint64, free func(context.Context) error) *Lease {
	kept := make(chan struct{})
	close(kept)
	l := &Lease{
		token: token, free: free, done: make(chan struct{}), held: h, stop: func() {}, kept: kept,
		turn: make(chan struct{}, 1),
	}
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

// Closed reports whether Release was called.
func (h *Held) Closed() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.closed
}

// Release releases all that is held by a client that closes.
func (h *Held) Release(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
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
