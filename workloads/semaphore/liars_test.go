package semaphore

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
)

// A semaphore that keeps the order of its first 16 waiters only.
func TestLineFindsALongLineOutOfOrder(t *testing.T) {
	short := func(n int) sems.Semaphore { return &shortLine{free: n} }
	harness.Finds(t, liar(short, impls.FIFO), "line", "first in, first out")
}

// shortLine puts the waiters behind the first 16 in front of each other.
type shortLine struct {
	mu      sync.Mutex
	free    int
	waiters []chan struct{}
}

func (s *shortLine) Acquire(_ context.Context, n int) error {
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
	s.waiters = slices.Insert(s.waiters, min(16, len(s.waiters)), served)
	s.mu.Unlock()
	<-served
	return nil
}

func (s *shortLine) TryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 0 || s.free < n {
		return false
	}
	s.free -= n
	return true
}

func (s *shortLine) Release(n int) {
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
