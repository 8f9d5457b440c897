package semaphore

import (
	"context"
	"errors"
	"fmt"
	"time"

	resiliency "github.com/eapache/go-resiliency/semaphore"
	xsync "golang.org/x/sync/semaphore"
)

// XSync is golang.org/x/sync's Weighted semaphore.
//
// Source: golang.org/x/sync v0.24.0, package semaphore.
// Progress: FIFO; nobody takes permits while another waits.
// Space: a Mutex and a list, an element and a channel for a goroutine that waits.
// Ordering: all of it is under the Mutex.
// Wins as what is at hand; loses to a fast path without a Mutex where permits suffice.
// Make one with NewXSync.
type XSync struct{ weighted *xsync.Weighted }

// NewXSync returns a semaphore of so many permits.
func NewXSync(permits int) *XSync { return &XSync{xsync.NewWeighted(int64(permits))} }

// Acquire takes n permits, or stands in line for them.
func (s *XSync) Acquire(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil {
		return err
	}
	return s.weighted.Acquire(ctx, int64(n))
}

// TryAcquire takes n permits if they are free and nobody waits.
func (s *XSync) TryAcquire(n int) bool { return n >= 0 && s.weighted.TryAcquire(int64(n)) }

// Release gives n permits back.
func (s *XSync) Release(n int) {
	if n < 0 {
		mustRelease(n, 0)
	}
	s.weighted.Release(int64(n))
}

// Resiliency is eapache/go-resiliency's semaphore, which knows a time-out in place of a context and no weights.
//
// Source: github.com/eapache/go-resiliency v1.7.0, package semaphore.
// Progress: the order of a channel's queue; a wait is cut into slices of its time-out, so that a context can end it, and
// begins anew at the queue's end with each.
// Space: a channel, and a timer for an Acquire that waits.
// Ordering: that of channels.
// Wins nowhere here; it shows what the time-out costs. A weight other than 0 or 1 is an error.
// Make one with NewResiliency. A Release of what is not held blocks, so it is not promised to panic.
type Resiliency struct{ tickets *resiliency.Semaphore }

// slice is how long one wait lasts before the context is looked at.
const slice = 5 * time.Millisecond

// NewResiliency returns a semaphore of so many permits.
func NewResiliency(permits int) *Resiliency { return &Resiliency{resiliency.New(permits, slice)} }

// Acquire takes a permit, or waits for it in slices.
func (s *Resiliency) Acquire(ctx context.Context, n int) error {
	if n == 0 {
		return nil
	}
	if n != 1 {
		return errors.Join(checkWeight(n), fmt.Errorf("semaphore: go-resiliency has no weights, and %d is one", n))
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

// TryAcquire waits for a whole slice, since the library has no other way.
func (s *Resiliency) TryAcquire(n int) bool {
	return n == 0 || n == 1 && s.tickets.Acquire() == nil
}
