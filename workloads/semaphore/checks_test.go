package semaphore

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
)

// liar is a semaphore that makes promises which it does not keep.
func liar(newSemaphore sems.New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Mutex, "here", newSemaphore, promises...))
}

// A semaphore that lets light waiters pass a heavy one starves it, and must not promise
// otherwise.
func TestLoneFindsStarvation(t *testing.T) {
	var starving []impls.Impl[sems.New]
	for _, i := range sems.All() {
		if i.Has(sems.Weighted) && !i.Has(impls.StarvationFree) {
			starving = append(starving, i)
		}
	}
	for _, i := range sems.Broken() {
		if i.Name == "passes-line" || i.Name == "skips-heavier" {
			starving = append(starving, i)
		}
	}
	for _, i := range starving {
		t.Run(i.Name, func(t *testing.T) {
			harness.Finds(t, liar(i.New, impls.StarvationFree, sems.Weighted), "lone", "starved")
		})
	}
}

// Barging lets a newcomer take the permit that a heavy waiter cannot use yet.
func TestOrderFindsASemaphoreThatIsNotFIFO(t *testing.T) {
	barging := func(n int) sems.Semaphore { return sems.NewBarging(n) }
	harness.Finds(t, liar(barging, impls.FIFO, sems.Weighted), "order", "first in, first out")
	spin := func(n int) sems.Semaphore { return sems.NewSpin(n) }
	harness.Finds(t, liar(spin, impls.FIFO), "line", "first in, first out")
	harness.Finds(t, liar(spin, impls.FIFO), "newcomer", "overtook")
}

// A semaphore that serves the last waiter first starves the others.
func TestStarveFindsAStack(t *testing.T) {
	last := func(n int) sems.Semaphore { return &jumbled{free: n} }
	harness.Finds(t, liar(last, impls.StarvationFree), "starve", "starved")
}

// jumbled keeps the order of its first waiters only. Behind them, it serves the waiter that
// came last.
type jumbled struct {
	mu      sync.Mutex
	free    int
	front   int // waiters whose order it keeps
	waiters []chan struct{}
}

func (s *jumbled) Acquire(_ context.Context, n int) error {
	if n < 0 {
		return sems.ErrWeight
	}
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return nil
	}
	served := make(chan struct{})
	s.waiters = slices.Insert(s.waiters, min(s.front, len(s.waiters)), served)
	s.mu.Unlock()
	<-served
	return nil
}

func (s *jumbled) TryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 0 || s.free < n {
		return false
	}
	s.free -= n
	return true
}

func (s *jumbled) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		if len(s.waiters) == 0 {
			s.free++
			continue
		}
		close(s.waiters[0])
		s.waiters = s.waiters[1:]
	}
}

// acquiring is FIFO with another Acquire.
type acquiring struct {
	*sems.FIFO
	acquire func(ctx context.Context, s *sems.FIFO, n int) error
}

// Release gives permits back. A liar may have done that before; it is the check that must
// notice.
func (s *acquiring) Release(n int) {
	defer func() { _ = recover() }()
	s.FIFO.Release(n)
}

func (s *acquiring) Acquire(ctx context.Context, n int) error { return s.acquire(ctx, s.FIFO, n) }

// A wait that ends without its context, a permit that is tied to it, and what a wait
// leaves behind.
func TestContextsAndTracesFindWhatTheyShould(t *testing.T) {
	var hoard [][]byte
	var mu sync.Mutex
	early, other := []string{"whose context had not ended"}, []string{"want the context's error"}
	free := append(early, "permit was free", "permits") // once there are too many, any round may see it
	for _, c := range []struct {
		name, load string
		complaints []string
		acquire    func(ctx context.Context, s *sems.FIFO, n int) error
	}{
		{"impatient", "contexts", early, func(ctx context.Context, s *sems.FIFO, n int) error {
			limited, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
			defer cancel()
			return s.Acquire(limited, n)
		}},
		{"tied", "contexts", free, func(ctx context.Context, s *sems.FIFO, n int) error {
			err := s.Acquire(ctx, n)
			if err == nil {
				context.AfterFunc(ctx, func() {
					defer func() { _ = recover() }() // they may have been released
					s.Release(n)
				})
			}
			return err
		}},
		{"another error", "contexts", other, func(ctx context.Context, s *sems.FIFO, n int) error {
			if err := s.Acquire(ctx, n); err != nil {
				return errors.New("timeout")
			}
			return nil
		}},
		{"goroutines", "traces", []string{"goroutines"}, func(ctx context.Context, s *sems.FIFO, n int) error {
			go func() { <-ctx.Done() }()
			return s.Acquire(ctx, n)
		}},
		{"memory", "traces", []string{"objects in memory"}, func(ctx context.Context, s *sems.FIFO, n int) error {
			mu.Lock()
			hoard = append(hoard, make([]byte, 100))
			mu.Unlock()
			return s.Acquire(ctx, n)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken := func(n int) sems.Semaphore { return &acquiring{sems.NewFIFO(n), c.acquire} }
			harness.Finds(t, liar(broken, impls.Cancellable), c.load, c.complaints...)
		})
	}
}

func TestResizeFindsASizeThatStays(t *testing.T) {
	stays := func(n int) sems.Semaphore { return &fixed{sems.NewFIFO(n)} }
	harness.Finds(t, liar(stays, impls.Resizable), "resize", "after Resize")
}

// fixed is a semaphore whose Resize does nothing.
type fixed struct{ *sems.FIFO }

func (*fixed) Resize(int) {}
