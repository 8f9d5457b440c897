package semaphore

import (
	"context"
	"sync"
	"sync/atomic"
)

// Atomic is an atomic counter on the fast path and a line of sleepers behind it: while nobody waits, Acquire and
// Release are one atomic operation each.
//
// Source: the benaphore of Schillings, Be Newsletter 1(26), 1996, with a list in place of the kernel's queue.
// Progress: the line is served in order, but one that finds permits free when nobody waits needs no place in it.
// Space: 3 words, a Mutex and a list, an element and a channel for a goroutine that waits.
// Ordering: Release adds to free and then looks for waiters; Acquire counts itself as waiting and then looks at free.
// Both are sequentially consistent, so one of them sees the other.
// Wins with more goroutines than permits that are held shortly; loses where permits suffice for all, for its words move at every call.
// Make one with NewAtomic. An Atomic must not be copied.
type Atomic struct {
	permits int64
	free    atomic.Int64
	waiting atomic.Int64
	mu      sync.Mutex
	line
}

// NewAtomic returns a semaphore of so many permits.
func NewAtomic(permits int) *Atomic {
	s := &Atomic{permits: int64(permits)}
	s.free.Store(int64(permits))
	return s
}

// Acquire takes n permits at once if nobody waits, and stands in line otherwise.
func (s *Atomic) Acquire(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil {
		return err
	}
	if s.TryAcquire(n) {
		return nil
	}
	s.mu.Lock()
	s.waiting.Add(1)
	w := s.join(n)
	s.next()
	s.mu.Unlock()
	return s.wait(ctx, &s.mu, w, func() {
		s.waiting.Add(-1)
		s.next()
	})
}

// next serves the line while permits suffice. The caller holds mu.
func (s *Atomic) next() { s.waiting.Add(-int64(s.serve(s.take, false))) }

func (s *Atomic) take(n int) bool {
	for {
		free := s.free.Load()
		if free < int64(n) {
			return false
		}
		if s.free.CompareAndSwap(free, free-int64(n)) {
			return true
		}
	}
}

// TryAcquire takes n permits if they are free and nobody waits.
func (s *Atomic) TryAcquire(n int) bool { return n >= 0 && s.waiting.Load() == 0 && s.take(n) }

// Release gives n permits back.
func (s *Atomic) Release(n int) {
	giveBack(&s.free, n, s.permits)
	if s.waiting.Load() > 0 {
		s.mu.Lock()
		s.next()
		s.mu.Unlock()
	}
}
