package future_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/impls/implstest"
)

type contender = impls.Impl[future.New[int]]

var errTest = errors.New("a test's error")

func TestTables(t *testing.T) {
	implstest.Tables(t, future.All[int](), future.Broken[int](), "broken.go")
	implstest.Tables(t, future.Combinators[int](), future.BrokenCombinators[int](), "brokencombine.go")
}

// gets fails the test unless Get returns value and err.
func gets[T any](t *testing.T, f future.Future[T], value T, equal func(T, T) bool, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	got, gotErr := f.Get(ctx)
	if !errors.Is(gotErr, err) || err == nil && (gotErr != nil || !equal(got, value)) {
		t.Errorf("got %v, error %v from Get, want %v, %v", got, gotErr, value, err)
	}
}

func equal(a, b int) bool { return a == b }

func TestTheFirstDecides(t *testing.T) {
	implstest.Each(t, future.All[int](), func(t *testing.T, i contender) {
		p := i.New()
		if got := []bool{p.Resolve(1), p.Resolve(2), p.Reject(errTest)}; !slices.Equal(got, []bool{true, false, false}) {
			t.Errorf("got %v from Resolve, Resolve and Reject, want true for the first", got)
		}
		gets(t, p, 1, equal, nil)
		p = i.New()
		if got := []bool{p.Reject(errTest), p.Resolve(1)}; !slices.Equal(got, []bool{true, false}) {
			t.Errorf("got %v from Reject and Resolve, want true for the first", got)
		}
		gets(t, p, 0, equal, errTest)
		gets(t, p, 0, equal, errTest) // again
	})
}

func TestManyWait(t *testing.T) {
	implstest.Each(t, future.All[int](), func(t *testing.T, i contender) {
		p := i.New()
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() { gets(t, p, 7, equal, nil) })
		}
		time.Sleep(time.Millisecond)
		p.Resolve(7)
		group.Wait()
	})
}

// called waits until n callbacks have been called.
func called(t *testing.T, calls *atomic.Int64, n int64) {
	t.Helper()
	for range 1000 {
		if calls.Load() >= n {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if got := calls.Load(); got != n {
		t.Errorf("got %d calls of callbacks, want %d", got, n)
	}
}

// Callbacks from before the decision, from other callbacks and from after it.
func TestCallbacks(t *testing.T) {
	implstest.Each(t, future.All[int](), func(t *testing.T, i contender) {
		p := i.New()
		var calls atomic.Int64
		count := func(value int, err error) {
			if value != 7 || err != nil {
				t.Errorf("got a callback with %d, error %v, want 7, nil", value, err)
			}
			calls.Add(1)
		}
		p.Then(count)
		p.Then(func(value int, err error) {
			count(value, err)
			if p.Resolve(8) {
				t.Error("got true from Resolve in a callback, want false")
			}
			gets(t, p, 7, equal, nil)
			p.Then(count)
		})
		p.Resolve(7)
		called(t, &calls, 3)
		p.Then(count)
		called(t, &calls, 4)
	})
}

func TestOrderOfCallbacks(t *testing.T) {
	implstest.Each(t, future.All[int](), func(t *testing.T, i contender) {
		p := i.New()
		var got []int
		add := func(n int) func(int, error) { return func(int, error) { got = append(got, n) } }
		p.Then(add(1))
		p.Then(func(int, error) { p.Then(add(4)) })
		p.Then(add(2))
		p.Then(add(3))
		p.Resolve(0)
		p.Then(add(5))
		if want := []int{1, 2, 3, 4, 5}; !slices.Equal(got, want) {
			t.Errorf("got the callbacks %v when the calls had returned, want %v", got, want)
		}
	}, future.InOrder, future.Inline)
}

func TestContexts(t *testing.T) {
	implstest.Each(t, future.All[int](), func(t *testing.T, i contender) {
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		p := i.New()
		if _, err := p.Get(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v from Get of a pending promise, want the context's error", err)
		}
		limited, stop := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer stop()
		if _, err := p.Get(limited); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v from Get of a pending promise, want the context's error", err)
		}
		p.Resolve(7)
		if got, err := p.Get(ended); got != 7 || err != nil {
			t.Errorf("got %d, error %v from Get of a decided promise, want 7, nil", got, err)
		}
	})
}

func TestZeroValue(t *testing.T) {
	implstest.Each(t, future.All[int](), func(t *testing.T, i contender) {
		var calls atomic.Int64
		p := i.New()
		p.Then(func(int, error) { calls.Add(1) })
		p.Resolve(0)
		gets(t, p, 0, equal, nil)
		called(t, &calls, 1)
	}, impls.ZeroValue)
}

type combining = impls.Impl[future.NewCombinator[int]]

// combined makes n promises and decides some of them: a positive number is a value, a
// negative one an error, and 0 leaves the promise pending.
func combined(c future.Combinator[int], numbers ...int) (promises []future.Promise[int], futures []future.Future[int]) {
	for _, n := range numbers {
		p := c.New()
		decide(p, n)
		promises, futures = append(promises, p), append(futures, p)
	}
	return promises, futures
}

func decide(p future.Promise[int], n int) {
	if n > 0 {
		p.Resolve(n)
	}
	if n < 0 {
		p.Reject(errTest)
	}
}

// pending fails the test if a future is decided.
func pending[T any](t *testing.T, f future.Future[T]) {
	t.Helper()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := f.Get(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, error %v, want a future that is pending", got, err)
	}
}

func TestAll(t *testing.T) {
	implstest.Each(t, future.Combinators[int](), func(t *testing.T, i combining) {
		c := i.New()
		gets(t, c.All(), nil, slices.Equal[[]int], nil)
		promises, futures := combined(c, 1, 0, 3)
		all := c.All(futures...)
		pending(t, all)
		promises[1].Resolve(2)
		gets(t, all, []int{1, 2, 3}, slices.Equal[[]int], nil)

		promises, futures = combined(c, 0, 0, 0)
		all = c.All(futures...)
		promises[2].Reject(errTest)
		gets(t, all, nil, slices.Equal[[]int], errTest)
		promises[0].Resolve(1) // late
		gets(t, all, nil, slices.Equal[[]int], errTest)
	})
}

func TestAny(t *testing.T) {
	implstest.Each(t, future.Combinators[int](), func(t *testing.T, i combining) {
		c := i.New()
		gets(t, c.Any(), 0, equal, future.ErrNone)
		promises, futures := combined(c, -1, 0, 0)
		chosen := c.Any(futures...)
		pending(t, chosen)
		promises[2].Resolve(3)
		gets(t, chosen, 3, equal, nil)
		promises[1].Resolve(2) // late
		gets(t, chosen, 3, equal, nil)

		errOther := errors.New("another error")
		promises, futures = combined(c, 0, 0)
		chosen = c.Any(futures...)
		promises[1].Reject(errOther)
		pending(t, chosen)
		promises[0].Reject(errTest)
		gets(t, chosen, 0, equal, errTest)
		gets(t, chosen, 0, equal, errOther)
	})
}

func TestRace(t *testing.T) {
	implstest.Each(t, future.Combinators[int](), func(t *testing.T, i combining) {
		c := i.New()
		gets(t, c.Race(), 0, equal, future.ErrNone)
		for _, first := range []int{5, -1} {
			promises, futures := combined(c, 0, 0)
			raced := c.Race(futures...)
			pending(t, raced)
			decide(promises[1], first)
			err := error(nil)
			if first < 0 {
				err = errTest
			}
			gets(t, raced, first, equal, err)
			decide(promises[0], 6) // late
			gets(t, raced, first, equal, err)
		}
	})
}

func BenchmarkPair(b *testing.B) {
	for _, i := range future.All[int]() {
		b.Run(i.Name, func(b *testing.B) {
			for b.Loop() {
				p := i.New()
				p.Resolve(1)
				if v, err := p.Get(context.Background()); v != 1 || err != nil {
					b.Fatalf("got %d, error %v, want 1, nil", v, err)
				}
			}
		})
	}
}
