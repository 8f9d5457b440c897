package async_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/async"
	"github.com/contendbench/contend/impls/implstest"
)

type (
	contender = impls.Impl[async.New[int]]
	flow      = async.Flow[int]
	executor  = async.Executor[int]
)

var errTest = errors.New("a test's error")

const workers = 2

func TestTables(t *testing.T) {
	implstest.Tables(t, append(async.All[int](), cards(async.OfSteps[int]())...),
		append(async.Broken[int](), cards(async.BrokenOfSteps[int]())...), "broken.go")
}

// cards returns a table without its constructors, so that it can stand beside another.
func cards(table []impls.Impl[async.NewSteps[int]]) (all []contender) {
	for _, i := range table {
		all = append(all, impls.With(i, async.New[int](nil)))
	}
	return all
}

// each runs a test with every executor, and checks that its Close leaves no goroutine.
func each(t *testing.T, test func(*testing.T, executor), promises ...impls.Promise) {
	t.Helper()
	implstest.Each(t, async.All[int](), func(t *testing.T, i contender) {
		already := goleak.IgnoreCurrent()
		e := i.New(workers)
		test(t, e)
		e.Close()
		goleak.VerifyNone(t, already)
	}, promises...)
}

// wants fails the test unless a task returns value and err.
func wants(t *testing.T, task async.Task[int], value int, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if got, gotErr := task.Await(ctx); !errors.Is(gotErr, err) || err == nil && (gotErr != nil || got != value) {
		t.Errorf("got %d, error %v from Await, want %d, %v", got, gotErr, value, err)
	}
}

// returns returns a function that returns value and err.
func returns(value int, err error) async.Func[int] {
	return func(flow) (int, error) { return value, err }
}

func TestResults(t *testing.T) {
	each(t, func(t *testing.T, e executor) {
		good, bad := e.Go(t.Context(), returns(7, nil)), e.Go(t.Context(), returns(7, errTest))
		for range 2 {
			wants(t, good, 7, nil)
			wants(t, bad, 0, errTest)
		}
	})
}

func TestPanics(t *testing.T) {
	each(t, func(t *testing.T, e executor) {
		task := e.Go(t.Context(), func(flow) (int, error) { panic("a test's panic") })
		for range 2 {
			_, err := task.Await(t.Context())
			var p *async.Panic
			if !errors.As(err, &p) || p.Value != "a test's panic" || len(p.Stack) == 0 {
				t.Errorf("got %v from Await, want the panic with its stack", err)
			}
		}
		for range 2 * workers { // the workers are still there
			wants(t, e.Go(t.Context(), returns(1, nil)), 1, nil)
		}
	})
}

// sumTo starts a function for each number and awaits it.
func sumTo(n int) async.Func[int] {
	return func(f flow) (int, error) {
		if n == 0 {
			return 0, nil
		}
		sum, err := f.Await(f.Go(sumTo(n - 1)))
		return sum + n, err
	}
}

func TestNestedAwaits(t *testing.T) {
	each(t, func(t *testing.T, e executor) { wants(t, e.Go(t.Context(), sumTo(100)), 5050, nil) })
}

func TestGather(t *testing.T) {
	each(t, func(t *testing.T, e executor) {
		errOther := errors.New("another error")
		wants(t, e.Go(t.Context(), func(f flow) (int, error) {
			got, err := f.Gather()
			if len(got) != 0 || err != nil {
				return 0, fmt.Errorf("got %v, error %w from Gather of no tasks, want neither", got, err)
			}
			got, err = f.Gather(f.Go(returns(1, nil)), f.Go(sleeps(time.Millisecond)), f.Go(returns(3, nil)))
			if !slices.Equal(got, []int{1, 0, 3}) || err != nil {
				return 0, fmt.Errorf("got %v, error %w from Gather, want [1 0 3]", got, err)
			}
			_, err = f.Gather(f.Go(sleeps(time.Millisecond)), f.Go(returns(0, errTest)), f.Go(returns(0, errOther)))
			if !errors.Is(err, errTest) {
				return 0, fmt.Errorf("got %w from Gather, want the first error", err)
			}
			return 5, nil
		}), 5, nil)
	})
}

// sleeps returns a function that sleeps and returns the error of that.
func sleeps(d time.Duration) async.Func[int] {
	return func(f flow) (int, error) { return 0, f.Sleep(d) }
}

func TestSleep(t *testing.T) {
	each(t, func(t *testing.T, e executor) {
		start := time.Now()
		wants(t, e.Go(t.Context(), sleeps(5*time.Millisecond)), 0, nil)
		if got := time.Since(start); got < 5*time.Millisecond {
			t.Errorf("got a sleep of %v, want at least 5 ms", got)
		}
		wants(t, e.Go(t.Context(), sleeps(-1)), 0, nil)
	})
}

func TestContexts(t *testing.T) {
	each(t, func(t *testing.T, e executor) {
		ctx, cancel := context.WithCancel(t.Context())
		sleeper := e.Go(ctx, sleeps(time.Hour))
		awaiter := e.Go(ctx, func(f flow) (int, error) { return f.Await(sleeper) })
		time.Sleep(5 * time.Millisecond)
		limited, stop := context.WithTimeout(t.Context(), time.Millisecond)
		defer stop()
		if _, err := sleeper.Await(limited); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v from an Await outside, want its context's error", err)
		}
		cancel()
		wants(t, sleeper, 0, context.Canceled)
		wants(t, awaiter, 0, context.Canceled)
		wants(t, e.Go(ctx, sleeps(0)), 0, context.Canceled)
		wants(t, e.Go(ctx, func(f flow) (int, error) { return f.Await(sleeper) }), 0, context.Canceled)
		wants(t, e.Go(t.Context(), func(f flow) (int, error) { return f.Await(sleeper) }), 0, context.Canceled)
	})
}

// At most as many functions run at once as there are workers, and as many can.
func TestLimits(t *testing.T) {
	each(t, func(t *testing.T, e executor) {
		var now, most atomic.Int64
		visit := func(f flow) (int, error) {
			for range 20 {
				n := now.Add(1)
				for range 1000 {
					if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
						continue
					}
				}
				now.Add(-1)
				if _, err := f.Await(f.Go(returns(0, nil))); err != nil {
					return 0, err
				}
				if err := f.Sleep(10 * time.Microsecond); err != nil {
					return 0, err
				}
			}
			return 0, nil
		}
		var tasks []async.Task[int]
		for range 20 {
			tasks = append(tasks, e.Go(t.Context(), visit))
		}
		for _, task := range tasks {
			wants(t, task, 0, nil)
		}
		if got := most.Load(); got > workers {
			t.Errorf("got %d functions at once, want at most %d", got, workers)
		}

		var met atomic.Int64
		meet := func(flow) (int, error) {
			met.Add(1)
			for start := time.Now(); met.Load() < workers; {
				if time.Since(start) > 5*time.Second {
					return 0, errTest
				}
			}
			return 0, nil
		}
		a, b := e.Go(t.Context(), meet), e.Go(t.Context(), meet)
		wants(t, a, 0, nil)
		wants(t, b, 0, nil)
	}, async.Limited)
}

func TestSingleThreaded(t *testing.T) {
	each(t, func(t *testing.T, e executor) {
		counter := 0
		count := func(f flow) (int, error) {
			for range 100 {
				counter++
				if _, err := f.Await(f.Go(func(flow) (int, error) { counter++; return 0, nil })); err != nil {
					return 0, err
				}
			}
			return 0, nil
		}
		a, b := e.Go(t.Context(), count), e.Go(t.Context(), count)
		wants(t, a, 0, nil)
		wants(t, b, 0, nil)
		if counter != 400 {
			t.Errorf("got a count of %d, want 400", counter)
		}
	}, async.SingleThreaded)
}

// A function ends after those that it has started. If it fails, they are cancelled.
func TestStructured(t *testing.T) {
	each(t, func(t *testing.T, e executor) {
		var ended atomic.Bool
		wants(t, e.Go(t.Context(), func(f flow) (int, error) {
			f.Go(func(f flow) (int, error) {
				err := f.Sleep(5 * time.Millisecond)
				ended.Store(true)
				return 0, err
			})
			return 0, nil
		}), 0, nil)
		if !ended.Load() {
			t.Error("got the end of a function before that of its child, want it after")
		}
		var child async.Task[int]
		wants(t, e.Go(t.Context(), func(f flow) (int, error) {
			child = f.Go(sleeps(time.Hour))
			return 0, errTest
		}), 0, errTest)
		wants(t, child, 0, context.Canceled)
	}, async.Structured)
}

// Close waits for functions that functions have started.
func TestClose(t *testing.T) {
	implstest.Each(t, async.All[int](), func(t *testing.T, i contender) {
		e := i.New(workers)
		var ended atomic.Int64
		e.Go(t.Context(), func(f flow) (int, error) {
			f.Go(func(f flow) (int, error) {
				err := f.Sleep(5 * time.Millisecond)
				ended.Add(1)
				return 0, err
			})
			return 0, nil
		})
		e.Close()
		if got := ended.Load(); got != 1 {
			t.Errorf("got %d ends of the inner function at the return of Close, want 1", got)
		}
	})
}

func TestSteps(t *testing.T) {
	already := goleak.IgnoreCurrent()
	e := async.NewCallbacks[int]()
	task := e.Go(t.Context(), func(f async.Continuing[int], end func(int, error)) {
		first := f.Go(func(f async.Continuing[int], end func(int, error)) {
			f.Sleep(time.Millisecond, func(err error) { end(1, err) })
		})
		f.Await(first, func(a int, err error) {
			if err != nil {
				end(0, err)
				return
			}
			f.Await(first, func(b int, err error) { end(a+b, err) })
		})
	})
	wants(t, task, 2, nil)
	for _, f := range []async.Steps[int]{
		func(async.Continuing[int], func(int, error)) { panic("a test's panic") },
		func(f async.Continuing[int], _ func(int, error)) { f.Sleep(0, func(error) { panic("a test's panic") }) },
	} {
		_, err := e.Go(t.Context(), f).Await(t.Context())
		var p *async.Panic
		if !errors.As(err, &p) || p.Value != "a test's panic" {
			t.Errorf("got %v from Await, want the panic", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	sleeper := e.Go(ctx, func(f async.Continuing[int], end func(int, error)) {
		f.Sleep(time.Hour, func(err error) { end(0, err) })
	})
	awaiter := e.Go(ctx, func(f async.Continuing[int], end func(int, error)) { f.Await(sleeper, end) })
	time.Sleep(time.Millisecond)
	cancel()
	wants(t, sleeper, 0, context.Canceled)
	wants(t, awaiter, 0, context.Canceled)
	e.Close()
	goleak.VerifyNone(t, already)
}
