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
	used atomic.Int64
	most int64 // permits that there are at the most
}

// enter counts n permits that have just been acquired.
func (l *limit) enter(w *harness.Worker, n int) {
	if used := l.used.Add(int64(n)); used > l.most {
		w.Fail(fmt.Errorf("%d permits are in use of %d", used, l.most))
	}
}

// leave counts n permits that are about to be released.
func (l *limit) leave(n int) { l.used.Add(-int64(n)) }

// settled checks a semaphore that nobody uses any more: all of its permits are there, and not one more.
func (l *limit) settled(s sems.Semaphore, permits int) error {
	if used := l.used.Load(); used != 0 {
		return fmt.Errorf("%d permits are in use after the end", used)
	}
	for i := range permits {
		if !s.TryAcquire(1) {
			return fmt.Errorf("only %d of %d permits came back", i, permits)
		}
	}
	if s.TryAcquire(1) {
		return fmt.Errorf("there are more than %d permits", permits)
	}
	s.Release(permits)
	return weights(s)
}

// weights checks that a weight below zero is refused.
func weights(s sems.Semaphore) error {
	if s.TryAcquire(-1) {
		return errors.New("a try took a negative weight, which makes permits")
	}
	if err := s.Acquire(context.Background(), -1); err == nil {
		return errors.New("an acquisition took a negative weight, which makes permits")
	}
	return nil
}
