package semaphore

import "context"

// FIFO serves waiters in the order of their arrival, whatever their weights: a heavy one at the head holds up those
// behind it and so cannot starve. It can be resized.
//
// Source: the design of golang.org/x/sync/semaphore, with the fix of golang/go#37852, and a size that changes.
// Progress: FIFO; nobody takes permits while another waits.
// Space: a Mutex and a list, an element and a channel for a goroutine that waits.
// Ordering: all of it is under the Mutex.
// Wins where weights differ and nobody may starve; loses throughput to barging ones.
// Make one with NewFIFO. A FIFO must not be copied.
type FIFO struct {
	counted
	line
}

// NewFIFO returns a semaphore of so many permits.
func NewFIFO(permits int) *FIFO { return &FIFO{counted: counted{permits: permits}} }

// Acquire takes n permits, or stands in line for them.
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
	return s.wait(ctx, &s.mu, w, s.next) // who stood behind it may fit where it did not
}

// first takes n permits if they are free and nobody waits. The caller holds mu.
func (s *FIFO) first(n int) bool { return s.waiters.Len() == 0 && s.take(n) }

// next serves the line while permits suffice. The caller holds mu.
func (s *FIFO) next() { s.serve(s.take, false) }

// TryAcquire takes n permits if they are free and nobody waits.
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
