package semaphore

import "context"

// Channel is a buffered channel of permits: who can send holds one.
//
// Source: Effective Go, section Concurrency, a channel as a semaphore; a turnstile of one for weights above 1, so that two
// who hold a part each cannot wait for each other.
// Progress: single permits are served in the order of the channel's queue; a heavy one collects its permits one by
// one, while single ones pass by, and keeps what it has, so nobody starves.
// Space: a byte-sized slot a permit, and two channels.
// Ordering: the k-th receive synchronizes before the completion of the send that takes its place.
// Wins in select statements and in plainness; loses with weights, which cost an operation a permit.
// Make one with NewChannel.
type Channel struct {
	permits   chan struct{}
	turnstile chan struct{}
}

// NewChannel returns a semaphore of so many permits.
func NewChannel(permits int) *Channel {
	return &Channel{make(chan struct{}, permits), make(chan struct{}, 1)}
}

// Acquire sends n times, or takes back what it has sent.
func (s *Channel) Acquire(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil {
		return err
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

// TryAcquire sends n times without waiting. It may fail while another one that failed takes its part back.
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
