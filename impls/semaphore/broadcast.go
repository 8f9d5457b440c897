package semaphore

import "context"

// Broadcast wakes all waiters by closing a channel, and makes another one for the next
// release: a condition variable that a select can wait for.
//
// Source: the closed channel of Cox-Buday, Concurrency in Go, O'Reilly 2017, ch. 3, in
// place of sync.Cond.
// Progress: barging; a heavy waiter may starve behind light ones.
// Space: a Mutex and a channel; a new channel for each release that has waiters.
// Ordering: every access is under the Mutex.
// Wins over Cond where waits are cancelled, which costs nothing here. Loses by an
// allocation for each release.
// Make one with NewBroadcast. The zero value has no permits. A Broadcast must not be
// copied.
type Broadcast struct {
	counted
	changed chan struct{} // closed at the next release; nil: there are no waiters
}

// NewBroadcast returns a semaphore with all permits free.
func NewBroadcast(permits int) *Broadcast { return &Broadcast{counted: counted{permits: permits}} }

// Acquire waits until n permits are free.
func (s *Broadcast) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	for {
		s.mu.Lock()
		if s.take(n) {
			s.mu.Unlock()
			return nil
		}
		changed := s.next()
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// next returns the channel that the next release closes. The caller holds mu.
func (s *Broadcast) next() chan struct{} {
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

// Release gives n permits back.
func (s *Broadcast) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(n)
	s.wake()
}

func (s *Broadcast) wake() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// Resize changes the number of permits.
func (s *Broadcast) Resize(permits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permits = permits
	s.wake()
}
