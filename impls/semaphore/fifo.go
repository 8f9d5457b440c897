package semaphore

import (
	"container/list"
	"context"
	"sync"
)

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
	mu      sync.Mutex
	permits int
	held    int
	line    list.List // of *waiter
}

type waiter struct {
	n     int
	ready chan struct{} // closed when the permits are its own
}

// NewFIFO returns a semaphore of so many permits.
func NewFIFO(permits int) *FIFO { return &FIFO{permits: permits} }

// Acquire takes n permits, or stands in line for them.
func (s *FIFO) Acquire(ctx context.Context, n int) error {
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
		return s.leave(ctx, place, w)
	}
}

func (s *FIFO) fits(n int) bool { return s.line.Len() == 0 && s.held+n <= s.permits }

// leave takes a waiter out of the line, unless it was served meanwhile.
func (s *FIFO) leave(ctx context.Context, place *list.Element, w *waiter) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-w.ready:
		return nil
	default:
	}
	s.line.Remove(place)
	s.serve() // who stood behind it may fit where it did not
	return ctx.Err()
}

// serve hands permits to the head of the line while they suffice.
func (s *FIFO) serve() {
	for s.line.Len() > 0 {
		head := s.line.Front()
		w := head.Value.(*waiter)
		if s.held+w.n > s.permits {
			return
		}
		s.held += w.n
		s.line.Remove(head)
		close(w.ready)
	}
}

// TryAcquire takes n permits if they are free and nobody waits.
func (s *FIFO) TryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 0 || !s.fits(n) {
		return false
	}
	s.held += n
	return true
}

// Release gives n permits back.
func (s *FIFO) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mustRelease(n, s.held)
	s.held -= n
	s.serve()
}

// Resize changes the number of permits.
func (s *FIFO) Resize(permits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permits = permits
	s.serve()
}
