package semaphore

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
)

// A limit counts the permits that are in use, beside the semaphore.
type limit struct {
	used    atomic.Int64
	permits int64 // that may be in use at once
}

func newLimit(permits int) *limit { return &limit{permits: int64(permits)} }

// enter counts n permits that have just been acquired.
func (l *limit) enter(w *harness.Worker, n int) {
	if used := l.used.Add(int64(n)); used > l.permits {
		w.Fail(l.exceeded(used))
	}
}

// take is enter for a goroutine that is no worker.
func (l *limit) take(n int) error {
	if used := l.used.Add(int64(n)); used > l.permits {
		return l.exceeded(used)
	}
	return nil
}

func (l *limit) exceeded(used int64) error {
	return fmt.Errorf("%d permits are in use, of %d", used, l.permits)
}

// leave counts n permits that are about to be released.
func (l *limit) leave(n int) { l.used.Add(-int64(n)) }

// free says how many permits are free, for a hang.
func (l *limit) free() string {
	return fmt.Sprintf("%d of %d permits are free", l.permits-l.used.Load(), l.permits)
}

// turn acquires, holds and releases n permits until the window's end.
func turn(w *harness.Worker, s sems.Semaphore, l *limit, n, hold, think int) {
	for w.Next() {
		if err := s.Acquire(context.Background(), n); err != nil {
			w.Fail(err)
			return
		}
		w.Mark()
		l.enter(w, n)
		w.Spin(hold)
		l.leave(n)
		s.Release(n)
		w.Think(think)
	}
}

// settled checks a semaphore that is no longer in use: all of its permits are free, and
// no more than these.
func (l *limit) settled(s sems.Semaphore, size int) error {
	if used := l.used.Load(); used != 0 {
		return fmt.Errorf("%d permits are in use after the end", used)
	}
	for i := range size {
		if !s.TryAcquire(1) {
			return fmt.Errorf("only %d of %d permits came back", i, size)
		}
	}
	if s.TryAcquire(1) {
		return fmt.Errorf("there are more than %d permits", size)
	}
	s.Release(size)
	return refusesNegative(s)
}

// refusesNegative checks that a weight below zero is refused.
func refusesNegative(s sems.Semaphore) error {
	if s.TryAcquire(-1) {
		return errors.New("a TryAcquire of a negative weight succeeded, which creates permits")
	}
	if err := s.Acquire(context.Background(), -1); err == nil {
		return errors.New("an Acquire of a negative weight succeeded, which creates permits")
	}
	return nil
}
