package semaphore

import (
	"container/list"
	"context"
	"sync"
	"sync/atomic"
)

// BoundedBypass lets newcomers pass the first waiter, but only bypass times: then it
// holds them back until that waiter has been served. A strict queue makes every release
// wake a waiter, once it has formed. Here the running goroutine continues.
//
// Source: the two modes of sync.Mutex since Go 1.9, for any number of permits, with a
// count in place of a time to switch between them.
// Progress: newcomers pass the first waiter at most bypass times, plus once for each
// goroutine that is just doing so. The queue itself is FIFO. A newcomer queues up after
// newcomerRaces lost races for the counter.
// Space: four words, a Mutex and a list; a list element and a channel for each waiter.
// Ordering: Release adds to free and then looks for the first waiter. That waiter
// announces itself and then looks at free. Both are sequentially consistent, so one of
// them sees the other.
// Wins where permits are scarce and held briefly, because few releases wake a goroutine.
// Loses to FIFO in the longest wait.
// Make one with NewBoundedBypass. It must not be copied.
type BoundedBypass struct {
	permits int64
	free    atomic.Int64
	first   atomic.Pointer[bypassed] // waiter; nil: there is none
	passed  atomic.Int64             // how many newcomers have passed it
	mu      sync.Mutex
	waiters list.List // of *bypassed
}

// A bypassed is a waiter that newcomers may pass.
type bypassed struct {
	n       int64
	look    chan struct{} // filled when there may be enough permits
	element *list.Element
}

const bypass = 64

// NewBoundedBypass returns a semaphore with all permits free.
func NewBoundedBypass(permits int) *BoundedBypass {
	s := &BoundedBypass{permits: int64(permits)}
	s.free.Store(int64(permits))
	return s
}

// Acquire takes n permits if they are free and the first waiter has not been passed too
// often. It queues up otherwise.
func (s *BoundedBypass) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	if int64(n) > s.permits {
		return never(ctx)
	}
	if s.pass(n, newcomerRaces) {
		return nil
	}
	w := &bypassed{n: int64(n), look: make(chan struct{}, 1)}
	s.mu.Lock()
	w.element = s.waiters.PushBack(w)
	s.lead()
	s.mu.Unlock()
	for s.first.Load() != w || !takeFree(&s.free, w.n, allRaces) {
		select {
		case <-w.look:
		case <-ctx.Done():
			s.leave(w)
			return ctx.Err()
		}
	}
	s.leave(w)
	return nil
}

// leave takes w out of the queue.
func (s *BoundedBypass) leave(w *bypassed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiters.Remove(w.element)
	s.lead()
}

// lead announces the first waiter if it has changed. The caller holds mu.
func (s *BoundedBypass) lead() {
	var w *bypassed
	if e := s.waiters.Front(); e != nil {
		w = e.Value.(*bypassed)
	}
	if w == s.first.Load() {
		return
	}
	s.passed.Store(0)
	s.first.Store(w)
	s.nudge(w, s.free.Load())
}

// nudge has w look at the permits if the free ones are enough for it.
func (s *BoundedBypass) nudge(w *bypassed, free int64) {
	if w == nil || free < w.n {
		return
	}
	select {
	case w.look <- struct{}{}:
	default: // it has not looked since the last nudge
	}
}

// TryAcquire takes n permits if they are free and the first waiter has not been passed
// too often.
func (s *BoundedBypass) TryAcquire(n int) bool { return n >= 0 && s.pass(n, allRaces) }

// pass takes n permits as a newcomer, unless it loses more than a number of races.
func (s *BoundedBypass) pass(n, races int) bool {
	if s.first.Load() == nil {
		return takeFree(&s.free, int64(n), races)
	}
	if s.passed.Load() >= bypass || !takeFree(&s.free, int64(n), races) {
		return false
	}
	s.passed.Add(1)
	return true
}

// Release gives n permits back.
func (s *BoundedBypass) Release(n int) {
	free := giveBack(&s.free, n, s.permits)
	if w := s.first.Load(); w != nil {
		s.nudge(w, free)
	}
}
