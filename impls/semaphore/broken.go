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
	if s.fits(n) {
		s.held += n
		s.mu.Unlock()
		return nil
	}
	w := &waiter{n, make(chan struct{})}
	place := s.line.PushBack(w)
	s.mu.Unlock()
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-w.ready:
		return nil
	default:
	}
	s.line.Remove(place) // bug: FIFO serves the line after it
	return ctx.Err()
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
		if s.held+n <= s.permits {
			s.held += n
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
	mustRelease(n, s.held)
	s.held -= n
	for e := s.line.Front(); e != nil; {
		next, w := e.Next(), e.Value.(*waiter)
		if s.held+w.n <= s.permits { // bug: FIFO stops at the first that does not fit
			s.held += w.n
			s.line.Remove(e)
			close(w.ready)
		}
		e = next
	}
}

// negativeWeight is FIFO that takes a weight below zero, which makes permits (golang/go#80183).
type negativeWeight struct{ FIFO }

func (s *negativeWeight) TryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.fits(n) { // bug: FIFO refuses n < 0
		return false
	}
	s.held += n
	return true
}
