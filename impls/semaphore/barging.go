package semaphore

import (
	"container/list"
	"context"
	"sync"
)

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
	mu      sync.Mutex
	permits int
	held    int
	line    list.List // of *waiter
}

// NewBarging returns a semaphore of so many permits.
func NewBarging(permits int) *Barging { return &Barging{permits: permits} }

// Acquire takes n permits, or waits for them.
func (s *Barging) Acquire(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil {
		return err
	}
	s.mu.Lock()
	if s.held+n <= s.permits {
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
	s.line.Remove(place) // nobody stood behind it in vain: whoever fits has been served
	return ctx.Err()
}

// TryAcquire takes n permits if they are free.
func (s *Barging) TryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 0 || s.held+n > s.permits {
		return false
	}
	s.held += n
	return true
}

// Release gives n permits back and serves all in line that fit.
func (s *Barging) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mustRelease(n, s.held)
	s.held -= n
	s.serve()
}

func (s *Barging) serve() {
	for e := s.line.Front(); e != nil && s.held < s.permits; {
		next, w := e.Next(), e.Value.(*waiter)
		if s.held+w.n <= s.permits {
			s.held += w.n
			s.line.Remove(e)
			close(w.ready)
		}
		e = next
	}
}

// Resize changes the number of permits.
func (s *Barging) Resize(permits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permits = permits
	s.serve()
}
