package forkjoin_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/forkjoin"
	"github.com/contendbench/contend/impls/implstest"
)

func TestTables(t *testing.T) { implstest.Tables(t, forkjoin.All(), forkjoin.Broken(), "broken.go") }

// each runs test for every scheduler, with one worker, two and more than processors.
func each(t *testing.T, test func(*testing.T, forkjoin.Pool, int), promises ...impls.Promise) {
	t.Helper()
	implstest.Each(t, forkjoin.All(), func(t *testing.T, i impls.Impl[forkjoin.New]) {
		for _, workers := range []int{1, 2, 20} {
			t.Run(fmt.Sprint(workers), func(t *testing.T) {
				pool := i.New(workers)
				defer pool.Close()
				test(t, pool, workers)
			})
		}
	}, promises...)
}

// count counts the leaves of a binary tree.
func count(s forkjoin.Scope, depth int) int {
	if depth == 0 {
		return 1
	}
	var left int
	s.Fork(func(s forkjoin.Scope) { left = count(s, depth-1) })
	right := count(s, depth-1)
	s.Join()
	return left + right
}

func TestATree(t *testing.T) {
	each(t, func(t *testing.T, pool forkjoin.Pool, _ int) {
		for depth := range 12 {
			var got int
			pool.Run(func(s forkjoin.Scope) { got = count(s, depth) })
			if want := 1 << depth; got != want {
				t.Errorf("got %d leaves, want %d", got, want)
			}
		}
	})
}

// A chain is as deep as it is long, and its tasks join nothing themselves.
func TestAChain(t *testing.T) {
	each(t, func(t *testing.T, pool forkjoin.Pool, _ int) {
		const length = 3000
		ran := 0
		var link func(left int) forkjoin.Task
		link = func(left int) forkjoin.Task {
			return func(s forkjoin.Scope) {
				if ran++; left > 1 {
					s.Fork(link(left - 1))
				}
			}
		}
		pool.Run(link(length))
		if ran != length {
			t.Errorf("got %d tasks, want %d", ran, length)
		}
	})
}

// Many tasks wait at once, and there are two groups of them.
func TestForksAfterAJoin(t *testing.T) {
	each(t, func(t *testing.T, pool forkjoin.Pool, _ int) {
		const tasks = 1000
		ran := make([]int, 2*tasks)
		pool.Run(func(s forkjoin.Scope) {
			s.Join() // of nothing
			for i := range tasks {
				s.Fork(func(forkjoin.Scope) { ran[i]++ })
			}
			s.Join()
			for i := range tasks {
				s.Fork(func(forkjoin.Scope) { ran[tasks+i] += ran[i] })
			}
		})
		for i, n := range ran {
			if n != 1 {
				t.Fatalf("task %d: got %d runs, want 1", i, n)
			}
		}
	})
}

func TestRunsAtOnceAndInTasks(t *testing.T) {
	each(t, func(t *testing.T, pool forkjoin.Pool, _ int) {
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				for range 20 {
					var inner, outer int
					pool.Run(func(s forkjoin.Scope) {
						s.Fork(func(forkjoin.Scope) { pool.Run(func(s forkjoin.Scope) { inner = count(s, 5) }) })
						outer = count(s, 5)
					})
					if inner != 32 || outer != 32 {
						t.Errorf("got %d and %d leaves, want 32 each", inner, outer)
					}
				}
			})
		}
		group.Wait()
	})
}

// panicOf returns what a Run panicked with; nil: it returned.
func panicOf(pool forkjoin.Pool, task forkjoin.Task) (value any) {
	defer func() { value = recover() }()
	pool.Run(task)
	return nil
}

var errTask = errors.New("the error of a task")

func TestAPanicReachesTheCallerOfRun(t *testing.T) {
	each(t, func(t *testing.T, pool forkjoin.Pool, _ int) {
		var ended atomic.Int64
		late := func(forkjoin.Scope) {
			time.Sleep(time.Millisecond)
			ended.Add(1)
		}
		got := panicOf(pool, func(s forkjoin.Scope) {
			s.Fork(late)
			s.Fork(func(s forkjoin.Scope) {
				s.Fork(late)
				s.Fork(func(forkjoin.Scope) { panic(errTask) })
				s.Join()
				t.Error("a Join returned, want the panic of its task")
			})
			s.Fork(late)
			s.Join()
		})
		if !strings.Contains(fmt.Sprint(got), errTask.Error()) || ended.Load() != 3 {
			t.Errorf("got %v with %d of 3 tasks ended, want the task's panic after all", got, ended.Load())
		}
		got = panicOf(pool, func(forkjoin.Scope) { panic(errTask) })
		if !strings.Contains(fmt.Sprint(got), errTask.Error()) {
			t.Errorf("got %v, want the panic of the first task", got)
		}
		if got := panicOf(pool, func(s forkjoin.Scope) { count(s, 5) }); got != nil {
			t.Errorf("got panic %v of a Run after one that panicked, want none", got)
		}
	}, forkjoin.PassesPanics)
}

// Our schedulers pass an error on, with the stack of its task.
func TestPanicError(t *testing.T) {
	pool := forkjoin.NewChaseLev(2)
	defer pool.Close()
	got, ok := panicOf(pool, func(s forkjoin.Scope) {
		s.Fork(func(forkjoin.Scope) { panic(errTask) })
	}).(*forkjoin.PanicError)
	if !ok || !errors.Is(got, errTask) || !strings.Contains(string(got.Stack), "TestPanicError") {
		t.Errorf("got %v, want an error that wraps %v with its stack", got, errTask)
	}
}

// A task that recovers from the panic of its child goes on.
func TestAPanicEndsAtARecover(t *testing.T) {
	each(t, func(t *testing.T, pool forkjoin.Pool, _ int) {
		got, leaves := any(nil), 0
		pool.Run(func(s forkjoin.Scope) {
			func() {
				defer func() { got = recover() }()
				s.Fork(func(forkjoin.Scope) { panic(errTask) })
				s.Join()
			}()
			leaves = count(s, 3)
		})
		if got == nil || leaves != 8 {
			t.Errorf("got panic %v and then %d leaves, want one and 8", got, leaves)
		}
	}, forkjoin.PassesPanics)
}

// All workers are in a task at once, if they are needed.
func TestNoWorkerIsIdle(t *testing.T) {
	each(t, func(t *testing.T, pool forkjoin.Pool, workers int) {
		for range 20 {
			var here sync.WaitGroup
			here.Add(workers)
			meet := func(forkjoin.Scope) {
				here.Done()
				here.Wait()
			}
			pool.Run(func(s forkjoin.Scope) {
				for range workers - 1 {
					s.Fork(meet)
				}
				meet(s)
			})
		}
	}, forkjoin.WorkConserving)
}

// No more tasks than workers execute at a time.
func TestWorkersAreBounded(t *testing.T) {
	each(t, func(t *testing.T, pool forkjoin.Pool, workers int) {
		var now, worst atomic.Int64
		pool.Run(func(s forkjoin.Scope) {
			for range 200 {
				s.Fork(func(forkjoin.Scope) {
					if n := now.Add(1); n > int64(workers) {
						worst.Store(n)
					}
					runtime.Gosched()
					now.Add(-1)
				})
			}
		})
		if n := worst.Load(); n > 0 {
			t.Errorf("got %d tasks at a time, want at most %d", n, workers)
		}
	}, forkjoin.BoundedWorkers)
}

func TestCloseEndsTheWorkers(t *testing.T) {
	implstest.Each(t, forkjoin.All(), func(t *testing.T, i impls.Impl[forkjoin.New]) {
		before := runtime.NumGoroutine()
		for workers := 1; workers < 20; workers++ {
			pool := i.New(workers)
			pool.Run(func(s forkjoin.Scope) { count(s, 6) })
			pool.Close()
		}
		for range 1000 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(time.Millisecond)
		}
		t.Errorf("got %d goroutines after Close, want the %d of before", runtime.NumGoroutine(), before)
	})
}

// A fork allocates nothing but what its closure needs.
func TestForksReuseTheirNodes(t *testing.T) {
	for name, pool := range map[string]*forkjoin.Scheduler{
		"chase-lev": forkjoin.NewChaseLev(1), "split": forkjoin.NewSplit(1), "mutex-deque": forkjoin.NewMutexDeque(1),
		"steal-half": forkjoin.NewStealHalf(1), "central": forkjoin.NewCentral(1),
	} {
		t.Run(name, func(t *testing.T) {
			nothing := func(forkjoin.Scope) {}
			program := func(s forkjoin.Scope) {
				for range 100 {
					s.Fork(nothing)
				}
				s.Join()
			}
			if got := testing.AllocsPerRun(100, func() { pool.Run(program) }); got > 0 {
				t.Errorf("got %v allocations in 100 forks, want 0", got)
			}
			pool.Close()
		})
	}
}
