package semaphore

import (
	"context"
	"sync"
	"sync/atomic"
)

// Atomic is an atomic counter with a queue of sleepers behind it. While no goroutine
// waits, Acquire and Release need one atomic operation each.
//
// Source: the benaphore of Schillings, Be Newsletter 1(26), 1996, with a list in place of
// the kernel's queue.
// Progress: FIFO among waiters; a newcomer that finds free permits and no waiter needs no
// place in the queue. It queues up after newcomerRaces lost races for the counter.
// Space: three words, a Mutex and a list; a list element and a channel for each waiter.
// Ordering: Release adds to free and then looks for waiters. Acquire counts itself as
// waiting and then looks at free. Both are sequentially consistent, so one of them sees
// the other.
// Wins with more goroutines than permits that are held briefly. Loses where there are
// permits for all, because each call moves its cache lines between cores.
// Make one with NewAtomic. An Atomic must not be copied.
type Atomic struct {
	permits int64
	free    atomic.Int64
	waiting atomic.Int64
	mu      sync.Mutex
	queue
}

// NewAtomic returns a semaphore with all permits free.
func NewAtomic(permits int) *Atomic {
	s := new(Atomic)
	s.init(permits)
	return s
}

func (s *Atomic) init(permits int) {
	s.permits = int64(permits)
	s.free.Store(s.permits)
}

// Acquire takes n permits at once if there are no waiters, and queues up otherwise.
func (s *Atomic) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	if int64(n) > s.permits {
		return never(ctx)
	}
	if s.waiting.Load() == 0 && takeFree(&s.free, int64(n), newcomerRaces) {
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

// next serves the queue while there are permits. The caller holds mu.
func (s *Atomic) next() { s.waiting.Add(-int64(s.serve(s.take, none))) }

func (s *Atomic) take(n int) bool { return takeFree(&s.free, int64(n), allRaces) }

// TryAcquire takes n permits if they are free and there are no waiters.
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
