package semaphore

import (
	"context"
	"errors"
	"fmt"
	"time"

	resiliency "github.com/eapache/go-resiliency/semaphore"
	golang "golang.org/x/sync/semaphore"
)

// Golang is the Weighted semaphore of golang.org/x/sync.
//
// Source: golang.org/x/sync v0.24.0, package semaphore.
// Progress: FIFO; no newcomer takes permits while there are waiters.
// Space: a Mutex and a list; a list element and a channel for each waiter.
// Ordering: every access is under the Mutex.
// Wins where there are permits for all goroutines, because its Mutex lets the holder take
// many turns. Loses where permits are scarce, because each release wakes the first
// waiter.
// A Release of too much is subtracted before it panics. The semaphore then grants more
// permits than it has, so there is no promise to panic.
// Make one with NewGolang. A Golang may be copied: copies are the same semaphore.
type Golang struct{ weighted *golang.Weighted }

// NewGolang returns a semaphore with all permits free.
func NewGolang(permits int) *Golang { return &Golang{golang.NewWeighted(int64(permits))} }

// Acquire takes n permits, or queues up for them.
func (s *Golang) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	return s.weighted.Acquire(ctx, int64(n))
}

// TryAcquire takes n permits if they are free and there are no waiters.
func (s *Golang) TryAcquire(n int) bool { return n >= 0 && s.weighted.TryAcquire(int64(n)) }

// Release gives n permits back.
func (s *Golang) Release(n int) {
	if n < 0 {
		mustRelease(n, 0)
	}
	s.weighted.Release(int64(n))
}

// Resiliency is the semaphore of eapache/go-resiliency, which has a timeout in place of a
// context, and no weights.
//
// Source: github.com/eapache/go-resiliency v1.7.0, package semaphore.
// Progress: FIFO, in the order of a channel's queue, for the length of one timeout. A
// longer wait is cut into slices, and each starts at the queue's end. A wait looks at its
// context only between slices, so it ends late and is not promised to be cancellable.
// Space: a channel, and a timer for each Acquire that waits.
// Ordering: that of channels.
// Wins nowhere here; it shows what the timeout costs. A weight other than 0 or 1 is an
// error.
// Make one with NewResiliency. A Release of more than is held blocks, so there is no
// promise to panic. A Resiliency may be copied: copies are the same semaphore.
type Resiliency struct{ tickets *resiliency.Semaphore }

// slice is the length of one wait, after which Acquire looks at its context.
const slice = 2 * time.Millisecond

// NewResiliency returns a semaphore with all permits free.
func NewResiliency(permits int) *Resiliency { return &Resiliency{resiliency.New(permits, slice)} }

// Acquire takes a permit, or waits for it in slices.
func (s *Resiliency) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil || n == 0 {
		return err
	}
	if n != 1 {
		return fmt.Errorf("semaphore: acquire %d permits: go-resiliency has no weights", n)
	}
	for {
		err := s.tickets.Acquire()
		if !errors.Is(err, resiliency.ErrNoTickets) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// Release gives n permits back.
func (s *Resiliency) Release(n int) {
	for range n {
		s.tickets.Release()
	}
}

// tries is how many slices a TryAcquire waits. One is not enough: if the goroutine is not
// running for the length of a slice, the timeout and a free permit come at once, and the
// library takes either.
const tries = 3

// TryAcquire waits for some whole slices, because the library has no other way.
func (s *Resiliency) TryAcquire(n int) bool {
	for i := 0; n == 1 && i < tries; i++ {
		if s.tickets.Acquire() == nil {
			return true
		}
	}
	return n == 0
}
