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

// wakesOne is FIFO whose release serves the first waiter only. Those behind it wait for
// the next release, although they fit.
type wakesOne struct{ FIFO }

func (s *wakesOne) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(n)
	served := false // …
	s.serve(func(n int) bool {
		served = !served && s.take(n) // bug: FIFO takes the permits of all that fit …
		return served                 // …
	}, s.tooHeavy)
}

// growsSilently is Barging whose growth serves no waiter.
type growsSilently struct{ Barging }

func (s *growsSilently) Resize(permits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permits = permits // bug: Barging serves the waiters then
}

// watcherStays is Cond whose waits leave their functions with their contexts.
type watcherStays struct{ Cond }

func (s *watcherStays) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.take(n) {
		return nil
	}
	context.AfterFunc(ctx, func() { // bug: Cond stops it at the end of the wait
		s.mu.Lock()
		defer s.mu.Unlock()
		s.changed.Broadcast()
	})
	for !s.take(n) {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.changed.Wait()
	}
	return nil
}

// passesNothingOn is FIFO that gives back what it was served if its context ended before
// it noticed, as golang.org/x/sync does, and serves no other waiter with it.
type passesNothingOn struct{ FIFO }

func (s *passesNothingOn) Acquire(ctx context.Context, n int) error {
	err := s.FIFO.Acquire(ctx, n)
	if err == nil && ctx.Err() != nil {
		s.mu.Lock()
		s.held -= n // bug: the queue must be served then
		s.mu.Unlock()
		return ctx.Err()
	}
	return err
}

// losesHeavy is FIFO that gives back what it was served if its context ended before it
// noticed, as golang.org/x/sync does, but not a third of a heavy weight.
type losesHeavy struct{ FIFO }

func (s *losesHeavy) Acquire(ctx context.Context, n int) error {
	err := s.FIFO.Acquire(ctx, n)
	if err == nil && ctx.Err() != nil {
		s.Release(n - n/3) // bug: it must give back all
		return ctx.Err()
	}
	return err
}

// deafTurnstile is Channel whose heavy waiters do not look at their contexts before they
// are through the turnstile.
type deafTurnstile struct{ Channel }

func (s *deafTurnstile) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	if n > cap(s.permits) {
		return never(ctx)
	}
	if n > 1 {
		s.turnstile <- struct{}{} // bug: Channel waits for the context, too
		defer func() { <-s.turnstile }()
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

// weight32Bit is Spin whose TryAcquire takes its weight for a number of 32 bits.
type weight32Bit struct{ Spin }

func (s *weight32Bit) TryAcquire(n int) bool {
	return s.Spin.TryAcquire(int(int32(n))) // bug: Spin takes all bits of the weight
}

// panicsLate is Spin whose release adds its permits before it looks whether they are too
// many.
type panicsLate struct{ Spin }

func (s *panicsLate) Release(n int) {
	if n < 0 || s.free.Add(int64(n)) > s.permits { // bug: Spin looks before it adds
		panic("semaphore: release of more permits than are held")
	}
}

// tryOvertakes is FIFO whose TryAcquire does not look for waiters.
type tryOvertakes struct{ FIFO }

func (s *tryOvertakes) TryAcquire(n int) bool {
	return s.counted.TryAcquire(n) // bug: FIFO takes permits only if there are no waiters
}

// lastOfEight is FIFO whose every eighth release lets the last waiter go first.
type lastOfEight struct {
	FIFO
	releases int
}

func (s *lastOfEight) Release(n int) {
	s.mu.Lock()
	if s.releases++; s.releases%8 == 0 && s.waiters.Len() > 0 { // bug: FIFO keeps the order …
		s.waiters.MoveToFront(s.waiters.Back()) // … of its queue
	}
	s.mu.Unlock()
	s.FIFO.Release(n)
}

// endedTakes is Barging that does not look at the context before it takes permits.
type endedTakes struct{ Barging }

func (s *endedTakes) Acquire(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil { // bug: Barging checks the context, too
		return err
	}
	s.mu.Lock()
	if s.take(n) {
		s.mu.Unlock()
		return nil
	}
	w := s.join(n)
	s.mu.Unlock()
	return s.wait(ctx, &s.mu, w, func() {})
}

// returnsCause is FIFO that returns why its context ended, which tells nothing of the
// kind of its end.
type returnsCause struct{ FIFO }

func (s *returnsCause) Acquire(ctx context.Context, n int) error {
	err := s.FIFO.Acquire(ctx, n)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx) // bug: FIFO returns the context's error
	}
	return err
}
