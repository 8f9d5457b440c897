package semaphore

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	sems "github.com/contendbench/contend/impls/semaphore"
)

// A semaphore that keeps the order of its first 16 waiters only.
func TestLineFindsALongLineOutOfOrder(t *testing.T) {
	short := func(n int) sems.Semaphore { return &jumbled{free: n, front: 16} }
	harness.Finds(t, liar(short, impls.FIFO), "line", "first in, first out")
}

// A semaphore whose waiters have waited enough after 200 ms.
func TestLongWaitFindsAWaiterThatTakesWhatIsHeld(t *testing.T) {
	impatient := func(n int) sems.Semaphore {
		return &acquiring{sems.NewFIFO(n), func(ctx context.Context, s *sems.FIFO, n int) error {
			ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			defer cancel()
			_ = s.Acquire(ctx, n) // held or not
			return nil
		}}
	}
	harness.Finds(t, liar(impatient), "long-wait", "before the event")
}

// A semaphore that has forgotten a permit in use once it has counted 2^16 of them.
func TestAgedFindsACountThatWraps(t *testing.T) {
	implstest.RaceShowsFirst(t)
	short := func(n int) sems.Semaphore { return &count16Bit{permits: int64(n)} }
	harness.Finds(t, liar(short), "aged", "in use")
}

// count16Bit counts the permits that were taken, in 16 bits, and those that came back.
type count16Bit struct {
	mu                   sync.Mutex
	taken, back, permits int64
}

func (s *count16Bit) TryAcquire(n int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n < 0 || s.taken%(1<<16)-s.back%(1<<16) > s.permits-int64(n) {
		return false
	}
	s.taken += int64(n)
	return true
}

func (s *count16Bit) Acquire(_ context.Context, n int) error {
	if n < 0 {
		return sems.ErrWeight
	}
	for !s.TryAcquire(n) {
		runtime.Gosched()
	}
	return nil
}

func (s *count16Bit) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.back += int64(n)
}
