package semaphore

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Spin is an atomic counter of free permits that waiters look at again and again.
//
// Source: the semaphore of Dijkstra, EWD 123, Cooperating Sequential Processes, 1965, §4,
// by busy waiting.
// Progress: a waiter may starve; the heavier it is, the more likely. Yields every
// cpu.YieldEvery looks, and then looks at its context.
// Space: 16 bytes.
// Ordering: Release's add synchronizes before the compare-and-swap that sees it.
// Wins where permits are nearly always free. Loses by the processor time of its waiters.
// Make one with NewSpin. A Spin must not be copied.
type Spin struct {
	permits int64
	free    atomic.Int64
}

// NewSpin returns a semaphore with all permits free.
func NewSpin(permits int) *Spin {
	s := new(Spin)
	s.init(permits)
	return s
}

func (s *Spin) init(permits int) {
	s.permits = int64(permits)
	s.free.Store(s.permits)
}

// Acquire spins until n permits are free.
func (s *Spin) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	for turn := 1; !s.TryAcquire(n); turn++ {
		if turn%cpu.YieldEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			runtime.Gosched()
		}
	}
	return nil
}

// TryAcquire takes n permits if they are free.
func (s *Spin) TryAcquire(n int) bool { return n >= 0 && takeFree(&s.free, int64(n), allRaces) }

// Release gives n permits back.
func (s *Spin) Release(n int) {
	giveBack(&s.free, n, s.permits)
}
