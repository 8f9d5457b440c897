package semaphore

import "context"

// Channel is a buffered channel of permits: to send is to take one.
//
// Source: Effective Go, section Concurrency, a channel as a semaphore. A turnstile of one
// serves weights above 1, so that two goroutines cannot wait for each other's permits.
// Progress: FIFO for single permits, in the order of the channel's queue. A heavy waiter
// collects its permits one by one while single ones pass, and keeps them, so it cannot
// starve.
// Space: two channels; a permit needs no memory.
// Ordering: the k-th receive synchronizes before the completion of the send that takes
// its place.
// Wins in select statements and in simplicity. Loses with weights, which cost a channel
// operation for each permit.
// Make one with NewChannel. It may be copied: copies are the same semaphore.
type Channel struct {
	permits   chan struct{}
	turnstile chan struct{}
}

// NewChannel returns a semaphore with all permits free.
func NewChannel(permits int) *Channel {
	return &Channel{make(chan struct{}, permits), make(chan struct{}, 1)}
}

// Acquire sends n times. If ctx ends first, it takes back what it has sent.
func (s *Channel) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	if n > cap(s.permits) {
		return never(ctx)
	}
	if n > 1 {
		select {
		case s.turnstile <- struct{}{}:
			defer func() { <-s.turnstile }()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for i := range n {
		select {
		case s.permits <- struct{}{}:
		case <-ctx.Done():
			s.Release(i)
			return ctx.Err()
		}
	}
	return nil
}

// TryAcquire sends n times without waiting. It may fail while another call that fails
// takes its permits back.
func (s *Channel) TryAcquire(n int) bool {
	if n < 0 {
		return false
	}
	if n > 1 {
		select {
		case s.turnstile <- struct{}{}:
			defer func() { <-s.turnstile }()
		default:
			return false
		}
	}
	for i := range n {
		select {
		case s.permits <- struct{}{}:
		default:
			s.Release(i)
			return false
		}
	}
	return true
}

// Release receives n times.
func (s *Channel) Release(n int) {
	mustRelease(n, len(s.permits))
	for range n {
		select {
		case <-s.permits:
		default:
			mustRelease(1, 0)
		}
	}
}
