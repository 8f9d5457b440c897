package semaphore

import "context"

// Barging keeps a line of waiters, but a newcomer may take permits past it, and a release wakes everyone in the
// line that fits, in order, passing over those that are too heavy.
//
// Source: the barging of java.util.concurrent's unfair Semaphore, Lea, The java.util.concurrent Synchronizer Framework,
// Science of Computer Programming 58(3), 2005, §3.
// Progress: a heavy waiter may starve.
// Space: that of FIFO.
// Ordering: all of it is under the Mutex.
// Wins throughput where weights differ; loses in the longest wait.
// Make one with NewBarging. A Barging must not be copied.
type Barging struct {
	counted
	line
}

// NewBarging returns a semaphore of so many permits.
func NewBarging(permits int) *Barging { return &Barging{counted: counted{permits: permits}} }

// Acquire takes n permits, or waits for them.
func (s *Barging) Acquire(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil {
		return err
	}
	s.mu.Lock()
	if s.take(n) {
		s.mu.Unlock()
		return nil
	}
	w := s.join(n)
	s.mu.Unlock()
	return s.wait(ctx, &s.mu, w, func() {}) // nobody stood behind it in vain: whoever fits has been served
}

// Release gives n permits back and serves all in line that fit.
func (s *Barging) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(n)
	s.serve(s.take, true)
}

// Resize changes the number of permits.
func (s *Barging) Resize(permits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permits = permits
	s.serve(s.take, true)
}
