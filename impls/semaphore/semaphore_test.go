package semaphore_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/semaphore"
)

func TestTables(t *testing.T) { implstest.Tables(t, semaphore.All(), semaphore.Broken(), "broken.go") }

func TestAtMostAllPermitsAreHeld(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		const permits = 3
		s := i.New(permits)
		var used, worst atomic.Int64
		var group sync.WaitGroup
		for range 16 {
			group.Go(func() {
				for range 200 {
					if err := s.Acquire(context.Background(), 1); err != nil {
						t.Errorf("got %v from Acquire, want nil", err)
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
			t.Errorf("got %d permits held at once, want at most %d", n, permits)
		}
	})
}

// takeAll takes single permits until there is none, at most ten, and returns their
// number.
func takeAll(s semaphore.Semaphore) int {
	n := 0
	for n < 10 && s.TryAcquire(1) {
		n++
	}
	return n
}

// tries fails the test if TryAcquire of n permits does not return want.
func tries(t *testing.T, s semaphore.Semaphore, n int, want bool) {
	t.Helper()
	if got := s.TryAcquire(n); got != want {
		t.Errorf("got %v from TryAcquire(%d), want %v", got, n, want)
	}
}

func TestTryAcquire(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		s := i.New(2)
		if n := takeAll(s); n != 2 {
			t.Errorf("got %d permits, want 2", n)
		}
		s.Release(1)
		tries(t, s, 1, true)
		tries(t, s, 0, true)
	})
}

func TestWeights(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		s := i.New(4)
		tries(t, s, 3, true)
		tries(t, s, 2, false)
		tries(t, s, 1, true)
		s.Release(4)
		if err := s.Acquire(context.Background(), 4); err != nil {
			t.Errorf("got %v from Acquire of all permits, want nil", err)
		}
		s.Release(4)
		if err := s.Acquire(context.Background(), -1); !errors.Is(err, semaphore.ErrWeight) {
			t.Errorf("got %v from Acquire(-1), want ErrWeight", err)
		}
		tries(t, s, -1, false)
	}, semaphore.Weighted)
}

// A wait that its context ends leaves no trace: all permits are there afterwards.
func TestCancellation(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		s := i.New(2)
		if err := errors.Join(s.Acquire(context.Background(), 1), s.Acquire(context.Background(), 1)); err != nil {
			t.Fatalf("got %v from Acquire of free permits, want nil", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		if err := s.Acquire(ctx, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v from Acquire, want the context's error", err)
		}
		s.Release(2)
		if n := takeAll(s); n != 2 {
			t.Errorf("got %d permits after a cancelled wait, want 2", n)
		}
	}, impls.Cancellable)
}

// A weight above the number of permits waits, and its context ends the wait.
func TestWeightAboveThePermits(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		s := i.New(2)
		if err := s.Acquire(ctx, 3); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v from Acquire of 3 permits of 2, want the context's error", err)
		}
		tries(t, s, 2, true)
	}, semaphore.Weighted, impls.Cancellable)
}

// A context that has ended before the call takes nothing, even if permits are free.
func TestAnEndedContextTakesNothing(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := i.New(2)
		if err := s.Acquire(ctx, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v from Acquire of a free permit, want the context's error", err)
		}
		if n := takeAll(s); n != 2 {
			t.Errorf("got %d permits afterwards, want 2", n)
		}
	}, impls.Cancellable)
}

// A waiter for more permits than there are can be served by nobody. It holds up no other.
func TestAWeightAboveThePermitsHoldsUpNobody(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		s := i.New(2)
		ctx, cancel := context.WithCancel(t.Context())
		heavy := make(chan error)
		go func() { heavy <- s.Acquire(ctx, 3) }()
		time.Sleep(5 * time.Millisecond) // it waits
		for n := 1; n <= 2; n++ {
			limit, stop := context.WithTimeout(t.Context(), 5*time.Second)
			if err := s.Acquire(limit, n); err != nil {
				t.Errorf("got %v from Acquire(%d) beside it, want nil", err, n)
			} else {
				s.Release(n)
			}
			stop()
		}
		tries(t, s, 2, true)
		cancel()
		if err := <-heavy; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v from Acquire(3) of 2 permits, want the context's error", err)
		}
	}, semaphore.Weighted, impls.Cancellable)
}

func TestWeightsDoNotOverflow(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		s := i.New(2)
		tries(t, s, 1, true)
		tries(t, s, math.MaxInt, false)
		tries(t, s, math.MaxInt-1, false)
		tries(t, s, 1, true)
		tries(t, s, 1, false)
	}, semaphore.Weighted)
}

func TestReleaseOfTooMuchPanics(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		for _, n := range []int{1, -1, math.MaxInt, math.MinInt} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("got no panic from Release(%d) of an unused semaphore, want one", n)
					}
				}()
				i.New(2).Release(n)
			}()
		}
	}, impls.PanicsOnMisuse)
}

// A release of too much panics before others see its permits. So a right release beside
// it does not panic.
func TestAWrongReleaseIsSeenByNobody(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		s := i.New(2)
		done := make(chan struct{})
		var wrong sync.WaitGroup
		wrong.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					panics(func() { s.Release(2) })
				}
			}
		})
		for range 20_000 {
			if err := s.Acquire(t.Context(), 1); err != nil {
				t.Fatalf("got %v from Acquire, want nil", err)
			}
			if panics(func() { s.Release(1) }) {
				t.Error("got a panic from the release of a held permit, want none")
				break
			}
		}
		close(done)
		wrong.Wait()
	}, impls.PanicsOnMisuse)
}

func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}

func TestResize(t *testing.T) {
	implstest.Each(t, semaphore.All(), func(t *testing.T, i impls.Impl[semaphore.New]) {
		s, ok := i.New(1).(semaphore.Resizer)
		if !ok {
			t.Fatalf("got a %T without Resize, want a semaphore.Resizer", i.New(1))
		}
		tries(t, s, 1, true)
		done := make(chan error)
		go func() { done <- s.Acquire(context.Background(), 2) }()
		time.Sleep(time.Millisecond)
		s.Resize(3) // makes room for the waiter
		if err := <-done; err != nil {
			t.Fatalf("got %v from Acquire, want nil", err)
		}
		s.Resize(1)
		s.Release(1)
		tries(t, s, 1, false) // two permits are held, one more than the new size
		s.Release(2)
		tries(t, s, 1, true)
		tries(t, s, 1, false)
	}, impls.Resizable)
}
