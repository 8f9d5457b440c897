package semaphore

import "context"

// Barging has a queue of waiters, but a newcomer may take free permits first. A release
// serves every waiter that fits, in order, and skips those that are too heavy.
//
// Source: the barging of java.util.concurrent's unfair Semaphore, in Lea, The
// java.util.concurrent Synchronizer Framework, Science of Computer Programming 58(3),
// 2005, §3.
// Progress: a heavy waiter may starve.
// Space: that of FIFO.
// Ordering: every access is under the Mutex.
// Wins in throughput where weights differ, because no permit is idle while a waiter fits.
// Loses in the longest wait.
// Make one with NewBarging. A Barging must not be copied.
type Barging struct {
	counted
	queue
}

// NewBarging returns a semaphore with all permits free.
func NewBarging(permits int) *Barging { return &Barging{counted: counted{permits: permits}} }

// Acquire takes n permits, or waits for them.
func (s *Barging) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	s.mu.Lock()
	if s.take(n) {
		s.mu.Unlock()
		return nil
	}
	w := s.join(n)
	s.mu.Unlock()
	return s.wait(ctx, &s.mu, w, func() {}) // every waiter behind it that fits has been served
}

// Release gives n permits back and serves every waiter that fits.
func (s *Barging) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(n)
	s.serve(s.take, all)
}

// Resize changes the number of permits.
func (s *Barging) Resize(permits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permits = permits
	s.serve(s.take, all)
}
