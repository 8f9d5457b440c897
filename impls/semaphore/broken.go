package semaphore

import "context"

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked.
// None of them may be used.

// cancelNoWake is FIFO whose cancelled waiter leaves without serving the waiters behind
// it (golang/go#37852).
type cancelNoWake struct{ FIFO }

func (s *cancelNoWake) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	s.mu.Lock()
	if s.first(n) {
		s.mu.Unlock()
		return nil
	}
	w := s.join(n)
	s.mu.Unlock()
	return s.wait(ctx, &s.mu, w, func() { s.left(w) }) // bug: FIFO serves the queue then
}

// newBroadcast is Broadcast that asks for the channel after it has unlocked the Mutex. A
// release in between closes the old channel, and the waiter waits for the next one.
type newBroadcast struct{ Broadcast }

func (s *newBroadcast) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	for {
		s.mu.Lock()
		if s.take(n) {
			s.mu.Unlock()
			return nil
		}
		s.mu.Unlock() // bug: Broadcast asks for the channel first …
		s.mu.Lock()   // … under the same lock
		changed := s.next()
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// skipsHeavier is FIFO whose release skips a first waiter that does not fit. Light
// waiters pass it forever.
type skipsHeavier struct{ FIFO }

func (s *skipsHeavier) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(n)
	s.serve(s.take, all) // bug: FIFO stops at the first waiter that does not fit
}

// passesLine is Atomic whose newcomers do not look for waiters.
type passesLine struct{ Atomic }

func (s *passesLine) Acquire(ctx context.Context, n int) error {
	if n >= 0 && s.take(n) { // bug: Atomic takes permits here only if there are no waiters
		return nil
	}
	return s.Atomic.Acquire(ctx, n)
}

// negativeWeight is FIFO that takes a weight below zero, which creates permits
// (golang/go#80183).
type negativeWeight struct{ FIFO }

func (s *negativeWeight) TryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiters.Len() > s.heavy || s.held+n > s.permits { // bug: FIFO refuses n < 0, too
		return false
	}
	s.held += n
	return true
}
