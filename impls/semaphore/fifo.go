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
	heavy int // waiters for more permits than there are; they hold up no other
}

// NewFIFO returns a semaphore with all permits free.
func NewFIFO(permits int) *FIFO { return &FIFO{counted: counted{permits: permits}} }

// Acquire takes n permits, or queues up for them.
func (s *FIFO) Acquire(ctx context.Context, n int) error {
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
	return s.wait(ctx, &s.mu, w, func() {
		s.left(w)
		s.next() // a waiter behind it may fit where it did not
	})
}

// join queues a waiter up. The caller holds mu.
func (s *FIFO) join(n int) *waiter {
	if s.tooHeavy(n) {
		s.heavy++
	}
	return s.queue.join(n)
}

// left takes note that w has left the queue. The caller holds mu.
func (s *FIFO) left(w *waiter) {
	if s.tooHeavy(w.n) {
		s.heavy--
	}
}

func (s *FIFO) tooHeavy(n int) bool { return n > s.permits }

// first takes n permits if they are free and no waiter is served before. The caller holds
// mu.
func (s *FIFO) first(n int) bool { return s.waiters.Len() == s.heavy && s.take(n) }

// next serves the queue while there are permits. The caller holds mu.
func (s *FIFO) next() { s.serve(s.take, s.tooHeavy) }

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
	s.permits, s.heavy = permits, 0
	for e := s.waiters.Front(); e != nil; e = e.Next() {
		if s.tooHeavy(e.Value.(*waiter).n) {
			s.heavy++
		}
	}
	s.next()
}
