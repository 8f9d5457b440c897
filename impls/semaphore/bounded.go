package semaphore

import (
	"container/list"
	"context"
	"sync"
	"sync/atomic"
)

// BoundedBypass lets newcomers take free permits past those who wait, but only so many past the same one: then it holds them
// back until that one has been served. A line that is served strictly makes every release wake somebody, once it has formed; here
// whoever runs goes on.
//
// Source: the two modes of sync.Mutex since Go 1.9, told apart by a count in place of a time, for any number of permits.
// Progress: the first in line is passed at most bypass times, by one more for each goroutine that is just at it; the line itself is
// in order.
// Space: 5 words, a Mutex and a list, an element and a channel for a goroutine that waits.
// Ordering: Release adds to free and then looks for the first in line; that one makes itself known and then looks at free. Both are
// sequentially consistent, so one of them sees the other.
// Wins where permits are short and holds too; loses to FIFO in the longest wait.
// Make one with NewBoundedBypass. It must not be copied.
type BoundedBypass struct {
	permits int64
	free    atomic.Int64
	first   atomic.Pointer[standing] // in line; nil: nobody waits
	passed  atomic.Int64             // how many have passed it
	mu      sync.Mutex
	line    list.List // of *standing
}

// A standing is one who waits.
type standing struct {
	n     int64
	look  chan struct{} // filled when it may be worth while to look at the permits
	place *list.Element
}

const bypass = 64

// NewBoundedBypass returns a semaphore of so many permits.
func NewBoundedBypass(permits int) *BoundedBypass {
	s := &BoundedBypass{permits: int64(permits)}
	s.free.Store(int64(permits))
	return s
}

// Acquire takes n permits if they are free and the first in line has not been passed too often, and stands in line otherwise.
func (s *BoundedBypass) Acquire(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil {
		return err
	}
	if s.TryAcquire(n) {
		return nil
	}
	w := &standing{n: int64(n), look: make(chan struct{}, 1)}
	s.mu.Lock()
	w.place = s.line.PushBack(w)
	s.lead()
	s.mu.Unlock()
	for s.first.Load() != w || !s.take(w.n) {
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

// leave takes w out of the line.
func (s *BoundedBypass) leave(w *standing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line.Remove(w.place)
	s.lead()
}

// lead makes the first in line known if it is another one than before. The caller holds mu.
func (s *BoundedBypass) lead() {
	var w *standing
	if e := s.line.Front(); e != nil {
		w = e.Value.(*standing)
	}
	if w == s.first.Load() {
		return
	}
	s.passed.Store(0)
	s.first.Store(w)
	s.nudge(w, s.free.Load())
}

// nudge lets w look at the permits if so many free ones are enough for it.
func (s *BoundedBypass) nudge(w *standing, free int64) {
	if w == nil || free < w.n {
		return
	}
	select {
	case w.look <- struct{}{}:
	default: // it has not looked since the last time
	}
}

// TryAcquire takes n permits if they are free and the first in line has not been passed too often.
func (s *BoundedBypass) TryAcquire(n int) bool {
	if s.first.Load() == nil {
		return n >= 0 && s.take(int64(n))
	}
	if n < 0 || s.passed.Load() >= bypass || !s.take(int64(n)) {
		return false
	}
	s.passed.Add(1)
	return true
}

func (s *BoundedBypass) take(n int64) bool {
	for {
		free := s.free.Load()
		if free < n {
			return false
		}
		if s.free.CompareAndSwap(free, free-n) {
			return true
		}
	}
}

// Release gives n permits back.
func (s *BoundedBypass) Release(n int) {
	free := giveBack(&s.free, n, s.permits)
	if w := s.first.Load(); w != nil {
		s.nudge(w, free)
	}
}
