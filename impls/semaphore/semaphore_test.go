package semaphore_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/semaphore"
)

var (
	_ semaphore.Resizer = (*semaphore.Cond)(nil)
	_ semaphore.Resizer = (*semaphore.Broadcast)(nil)
	_ semaphore.Resizer = (*semaphore.FIFO)(nil)
	_ semaphore.Resizer = (*semaphore.Barging)(nil)
)

// each runs a subtest for every semaphore that competes and makes the promises.
func each(t *testing.T, promises []impls.Promise, test func(*testing.T, semaphore.New)) {
	t.Helper()
	n := 0
rows:
	for _, i := range semaphore.All() {
		for _, p := range promises {
			if !i.Has(p) {
				continue rows
			}
		}
		if i.Role == impls.Contender {
			n++
			t.Run(i.Name, func(t *testing.T) { test(t, i.New) })
		}
	}
	if n == 0 {
		t.Error("no semaphore was tested")
	}
}

func TestTables(t *testing.T) {
	if err := impls.Check(append(semaphore.All(), semaphore.Broken()...)); err != nil {
		t.Error(err)
	}
}

func TestNoMoreThanThereAre(t *testing.T) {
	each(t, nil, func(t *testing.T, newSemaphore semaphore.New) {
		const permits = 3
		s := newSemaphore(permits)
		var used, worst atomic.Int64
		var group sync.WaitGroup
		for range 16 {
			group.Go(func() {
				for range 200 {
					if err := s.Acquire(context.Background(), 1); err != nil {
						t.Error(err)
						return
					}
					if now := used.Add(1); now > permits {
						worst.Store(now)
					}
					used.Add(-1)
					s.Release(1)
				}
			})
		}
		group.Wait()
		if n := worst.Load(); n > 0 {
			t.Errorf("%d permits were in use of %d", n, permits)
		}
	})
}

// takes takes single permits until there is none, at most ten, and returns how many there were.
func takes(s semaphore.Semaphore) int {
	n := 0
	for n < 10 && s.TryAcquire(1) {
		n++
	}
	return n
}

func TestTryAcquire(t *testing.T) {
	each(t, nil, func(t *testing.T, newSemaphore semaphore.New) {
		s := newSemaphore(2)
		if n := takes(s); n != 2 {
			t.Errorf("%d of 2 permits could be taken", n)
		}
		s.Release(1)
		if !s.TryAcquire(1) || !s.TryAcquire(0) {
			t.Error("what was released is free, and no permit is always")
		}
	})
}

func TestWeights(t *testing.T) {
	each(t, []impls.Promise{impls.Weighted}, func(t *testing.T, newSemaphore semaphore.New) {
		s := newSemaphore(4)
		if !s.TryAcquire(3) || s.TryAcquire(2) || !s.TryAcquire(1) {
			t.Error("3 of 4, then not 2, then 1")
		}
		s.Release(4)
		if err := s.Acquire(context.Background(), 4); err != nil {
			t.Error(err)
		}
		s.Release(4)
		if err := s.Acquire(context.Background(), -1); !errors.Is(err, semaphore.ErrWeight) {
			t.Errorf("Acquire(-1): %v", err)
		}
		if s.TryAcquire(-1) {
			t.Error("TryAcquire(-1) took permits that are none")
		}
	})
}

// A wait that its context ends leaves no trace: all permits are there afterwards.
func TestCancellation(t *testing.T) {
	each(t, []impls.Promise{impls.Cancellable}, func(t *testing.T, newSemaphore semaphore.New) {
		s := newSemaphore(2)
		if err := errors.Join(s.Acquire(context.Background(), 1), s.Acquire(context.Background(), 1)); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := s.Acquire(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want the context's error", err)
		}
		s.Release(2)
		if n := takes(s); n != 2 {
			t.Errorf("after a cancelled wait there are %d of 2 permits", n)
		}
	})
}

// A weight above the number of permits waits, and its context ends the wait.
func TestMoreThanThereAre(t *testing.T) {
	each(t, []impls.Promise{impls.Weighted, impls.Cancellable}, func(t *testing.T, newSemaphore semaphore.New) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		s := newSemaphore(2)
		if err := s.Acquire(ctx, 3); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if !s.TryAcquire(2) {
			t.Error("the permits did not come back")
		}
	})
}

func TestReleaseOfTooMuchPanics(t *testing.T) {
	each(t, []impls.Promise{impls.PanicsOnMisuse}, func(t *testing.T, newSemaphore semaphore.New) {
		for _, n := range []int{1, -1} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("Release(%d) of nothing did not panic", n)
					}
				}()
				newSemaphore(2).Release(n)
			}()
		}
	})
}

func TestResize(t *testing.T) {
	each(t, []impls.Promise{impls.Resizable}, func(t *testing.T, newSemaphore semaphore.New) {
		s := newSemaphore(1).(semaphore.Resizer)
		if !s.TryAcquire(1) {
			t.Fatal("the only permit is not free")
		}
		done := make(chan error)
		go func() { done <- s.Acquire(context.Background(), 2) }()
		time.Sleep(time.Millisecond)
		s.Resize(3) // makes room for the waiter
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		s.Resize(1)
		s.Release(1)
		if s.TryAcquire(1) {
			t.Error("a permit above the new size was given out")
		}
		s.Release(2)
		if !s.TryAcquire(1) || s.TryAcquire(1) {
			t.Error("one permit is left, and only one")
		}
	})
}
