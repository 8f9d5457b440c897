package semaphore

import "context"

// The seeded bugs: each is its twin minus one idea, and none may be used.

// cancelNoWake is FIFO whose cancelled waiter leaves without serving those behind it (golang/go#37852).
type cancelNoWake struct{ FIFO }

func (s *cancelNoWake) Acquire(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil {
		return err
	}
	s.mu.Lock()
	if s.first(n) {
		s.mu.Unlock()
		return nil
	}
	w := s.join(n)
	s.mu.Unlock()
	return s.wait(ctx, &s.mu, w, func() {}) // bug: FIFO serves the line then
}

// newBroadcast is Broadcast that asks for the channel after it has let go of the lock: a release in between closes
// the old one, and the waiter waits for the next.
type newBroadcast struct{ Broadcast }

func (s *newBroadcast) Acquire(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil {
		return err
	}
	for {
		s.mu.Lock()
		if s.take(n) {
			s.mu.Unlock()
			return nil
		}
		s.mu.Unlock() // bug: Broadcast asks for the channel first
		s.mu.Lock()
		changed := s.next()
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// skipsHeavier is FIFO whose release passes over a head that does not fit: light waiters overtake it for ever.
type skipsHeavier struct{ FIFO }

func (s *skipsHeavier) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(n)
	s.serve(s.take, true) // bug: FIFO stops at the first that does not fit
}

// passesLine is Atomic whose newcomers do not look whether somebody waits.
type passesLine struct{ Atomic }

func (s *passesLine) Acquire(ctx context.Context, n int) error {
	if n >= 0 && s.take(n) { // bug: Atomic does so if nobody waits
		return nil
	}
	return s.Atomic.Acquire(ctx, n)
}

// negativeWeight is FIFO that takes a weight below zero, which makes permits (golang/go#80183).
type negativeWeight struct{ FIFO }

func (s *negativeWeight) TryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiters.Len() > 0 || s.held+n > s.permits { // bug: FIFO refuses n < 0
		return false
	}
	s.held += n
	return true
}
