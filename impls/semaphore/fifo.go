package semaphore

import "context"

// FIFO serves waiters in order of arrival, whatever their weights. A heavy first waiter
// holds up those behind it and so cannot starve. FIFO can be resized.
//
// Source: the design of golang.org/x/sync/semaphore, with the fix of golang/go#37852, and
// a size that changes.
// Progress: FIFO; no newcomer takes permits while there are waiters.
// Space: a Mutex and a list; a list element and a channel for each waiter.
// Ordering: every access is under the Mutex.
// Wins where weights differ and no waiter may starve. Loses in throughput to semaphores
// that let newcomers pass, because a release must wake the first waiter.
// Make one with NewFIFO. A FIFO must not be copied.
type FIFO struct {
	counted
	queue
}

// NewFIFO returns a semaphore with all permits free.
func NewFIFO(permits int) *FIFO { return &FIFO{counted: counted{permits: permits}} }

// Acquire takes n permits, or queues up for them.
func (s *FIFO) Acquire(ctx context.Context, n int) error {
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
	return s.wait(ctx, &s.mu, w, s.next) // a waiter behind it may fit where it did not
}

// first takes n permits if they are free and there are no waiters. The caller holds mu.
func (s *FIFO) first(n int) bool { return s.waiters.Len() == 0 && s.take(n) }

// next serves the queue while there are permits. The caller holds mu.
func (s *FIFO) next() { s.serve(s.take, false) }

// TryAcquire takes n permits if they are free and there are no waiters.
func (s *FIFO) TryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first(n)
}

// Release gives n permits back.
func (s *FIFO) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(n)
	s.next()
}

// Resize changes the number of permits.
func (s *FIFO) Resize(permits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permits = permits
	s.next()
}
