package task_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/task"
)

func TestTables(t *testing.T) {
	implstest.Tables(t, task.Workers(), task.BrokenWorkers(), "broken.go")
	implstest.Tables(t, task.ThreadPools(), task.BrokenThreads(), "brokenthreads.go")
}

// each runs test for the pools of both tables that make the promises and can run here.
func each(t *testing.T, test func(*testing.T, impls.Impl[task.New]), promises ...impls.Promise) {
	t.Helper()
	table := slices.Concat(task.Workers(), task.ThreadPools())
	seen := map[string]bool{}
	for _, i := range table {
		if seen[i.Name] {
			t.Errorf("got two pools called %q, want different names", i.Name)
		}
		seen[i.Name] = true
	}
	implstest.Each(t, table, func(t *testing.T, i impls.Impl[task.New]) {
		if err := i.Unavailable(); err != nil {
			t.Skip(err)
		}
		test(t, i)
	}, promises...)
}

// insist submits a task, again while the pool is full.
func insist(t *testing.T, p task.Pool, f func()) {
	t.Helper()
	for try := 0; ; try++ {
		err := p.Submit(context.Background(), f)
		if err == nil {
			return
		}
		if !errors.Is(err, task.ErrFull) {
			t.Fatalf("got %v from Submit, want nil", err)
		}
		if try > 100 {
			time.Sleep(100 * time.Microsecond)
		}
		runtime.Gosched()
	}
}

// meet submits n tasks that wait for each other, and waits for them.
func meet(t *testing.T, p task.Pool, n int) {
	t.Helper()
	var here sync.WaitGroup
	here.Add(n)
	for range n {
		insist(t, p, func() {
			here.Done()
			here.Wait()
		})
	}
	here.Wait()
}

// patience is how often a test looks for what must happen, at a distance of a millisecond.
const patience = 5000

func eventually(holds func() bool) bool {
	for range patience {
		if holds() {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

// Each task runs once, sees what was written before its Submit, and Close returns after
// it. All of that is plain data.
func TestTasksRunOnceBeforeClose(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		const submitters, tasks = 4, 300
		p := i.New(3, 5)
		var asked, ran [submitters][tasks]int
		var group sync.WaitGroup
		for s := range submitters {
			group.Go(func() {
				for n := range tasks {
					asked[s][n] = n + 1
					insist(t, p, func() { ran[s][n] += asked[s][n] })
				}
			})
		}
		group.Wait()
		p.Close()
		for s := range submitters {
			for n, got := range ran[s] {
				if got != n+1 {
					t.Fatalf("got %d from task %d, want %d", got, n, n+1)
				}
			}
		}
		p.Close()
	})
}

// A pool that is closed at once, or has little to do, ends.
func TestShortLives(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		for life := range 300 {
			p := i.New(1+life%3, life%2)
			var ran atomic.Int64
			for range life % 4 {
				insist(t, p, func() { ran.Add(1) })
			}
			p.Close()
			if got, want := ran.Load(), int64(life%4); got != want {
				t.Fatalf("got %d tasks, want %d", got, want)
			}
		}
	})
}

// Each task is the only event that can wake a worker.
func TestALoneTaskIsRun(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		p := i.New(2, 2)
		defer p.Close()
		for n := range 2000 {
			ran := make(chan struct{})
			insist(t, p, func() { close(ran) })
			<-ran
			if n%500 == 0 {
				time.Sleep(time.Millisecond) // so that the workers sleep
			}
		}
	})
}

func TestAllWorkersRun(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		for _, n := range []int{1, 2, 3, 8, 40} {
			p := i.New(n, 1)
			for range 5 {
				meet(t, p, n)
			}
			p.Close()
		}
	})
}

func TestLimit(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		const workers = 3
		p := i.New(workers, 4)
		var running, most atomic.Int64
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 200 {
					insist(t, p, func() {
						if n := running.Add(1); n > workers {
							most.Store(n)
						}
						runtime.Gosched()
						running.Add(-1)
					})
				}
			})
		}
		group.Wait()
		p.Close()
		if n := most.Load(); n > 0 {
			t.Errorf("got %d tasks at once, want at most %d", n, workers)
		}
	}, task.Limited)
}

// A pool that rejects takes exactly as many tasks as it has workers and room.
func TestRejects(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		for _, room := range []int{0, 1, 5} {
			p, gate := i.New(2, room), make(chan struct{})
			for range 2 + room {
				insist(t, p, func() { <-gate })
			}
			refused := false
			for range 5 {
				if err := p.Submit(context.Background(), func() { refused = true }); !errors.Is(err, task.ErrFull) {
					t.Errorf("got %v from the Submit to a full pool, want ErrFull", err)
				}
			}
			close(gate)
			p.Close()
			if refused {
				t.Error("got a run of a refused task, want none")
			}
		}
	}, task.Limited, task.Rejects)
}

// fill has the pool run or queue tasks that wait for the gate until a Submit waits, too.
// It returns what that one sends when it returns.
func fill(ctx context.Context, p task.Pool, gate chan struct{}) <-chan error {
	ended := make(chan error, 1)
	go func() {
		for {
			if err := p.Submit(ctx, func() { <-gate }); err != nil {
				ended <- err
				return
			}
		}
	}()
	return ended
}

// A context ends a wait. The task does not run, and the room is there afterwards.
func TestCancellation(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		p, gate := i.New(2, 2), make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		ended := fill(ctx, p, gate)
		time.Sleep(2 * time.Millisecond)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v from a cancelled Submit, want the context's error", err)
		}
		var errs [20]error
		var ran [len(errs)]bool
		for n := range errs {
			brief, stop := context.WithTimeout(t.Context(), 50*time.Microsecond)
			errs[n] = p.Submit(brief, func() { ran[n] = true })
			stop()
		}
		close(gate)
		meet(t, p, 2)
		p.Close()
		for n, err := range errs {
			if ran[n] != (err == nil) || err != nil && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v from Submit, and %v for a run of its task", err, ran[n])
			}
		}
	}, task.Blocks, impls.Cancellable)
}

// Close ends the Submits that wait: they return ErrClosed, or their tasks run.
func TestCloseWakes(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		p, gate := i.New(1, 1), make(chan struct{})
		var ended []<-chan error
		for range 3 {
			ended = append(ended, fill(t.Context(), p, gate))
		}
		time.Sleep(2 * time.Millisecond)
		closed := make(chan struct{})
		go func() {
			p.Close()
			close(closed)
		}()
		time.Sleep(time.Millisecond)
		close(gate)
		for _, e := range ended {
			if err := <-e; !errors.Is(err, task.ErrClosed) {
				t.Errorf("got %v from a Submit that waited for room, want ErrClosed", err)
			}
		}
		<-closed
	}, task.Blocks, task.CloseWakes, task.RefusesLate)
}

func TestRefusesLate(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		p := i.New(2, 2)
		meet(t, p, 2)
		p.Close()
		for range 10 {
			err := p.Submit(context.Background(), func() { t.Error("got a run after Close, want none") })
			if !errors.Is(err, task.ErrClosed) {
				t.Errorf("got %v from a Submit after Close, want ErrClosed", err)
			}
		}
		p.Close()
	}, task.RefusesLate)
}

// What was accepted beside Close runs, and what was refused does not.
func TestSubmitBesideClose(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		for range 200 {
			p := i.New(2, 2)
			var accepted, ran atomic.Int64
			var group sync.WaitGroup
			for range 3 {
				group.Go(func() {
					for range 50 {
						switch err := p.Submit(context.Background(), func() { ran.Add(1) }); {
						case err == nil:
							accepted.Add(1)
						case errors.Is(err, task.ErrClosed):
							return
						}
					}
				})
			}
			runtime.Gosched()
			p.Close()
			group.Wait()
			if got, want := ran.Load(), accepted.Load(); got != want {
				t.Fatalf("got %d tasks that ran, want the %d that were accepted", got, want)
			}
		}
	}, task.RefusesLate)
}

// A task submits to its own pool, whose only worker it keeps busy.
func TestNested(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		p := i.New(1, 0)
		ran := make(chan int, 10)
		insist(t, p, func() {
			for n := range cap(ran) {
				if err := p.Submit(context.Background(), func() { ran <- n }); err != nil {
					t.Errorf("got %v from a Submit in a task, want nil", err)
				}
			}
		})
		for range cap(ran) {
			<-ran
		}
		p.Close()
	}, task.Nested)
}

func TestPanics(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		survives(t, i, func() { panic("a task of a test panics") })
	}, task.SurvivesPanic)
}

func TestGoexit(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) { survives(t, i, runtime.Goexit) }, task.SurvivesGoexit)
}

// survives ends many tasks in an unusual way, among others that run.
func survives(t *testing.T, i impls.Impl[task.New], end func()) {
	p := i.New(2, 3)
	var ran atomic.Int64
	for range 50 {
		insist(t, p, end)
		insist(t, p, func() { ran.Add(1) })
	}
	meet(t, p, 2)
	p.Close()
	if n := ran.Load(); n != 50 {
		t.Errorf("got %d tasks beside those that ended, want 50", n)
	}
}

func TestNoGoroutineIsLeft(t *testing.T) {
	each(t, func(t *testing.T, i impls.Impl[task.New]) {
		i.New(1, 1).Close() // so that a library has its own
		before := runtime.NumGoroutine()
		for range 20 {
			p := i.New(3, 2)
			meet(t, p, 3)
			p.Close()
		}
		if !eventually(func() bool { return runtime.NumGoroutine() <= before+3 }) {
			t.Errorf("got %d goroutines, want about the %d of before", runtime.NumGoroutine(), before)
		}
	})
}

func TestElasticEndsIdleWorkers(t *testing.T) {
	p := task.NewElastic(10, 0, time.Millisecond)
	defer p.Close()
	before := runtime.NumGoroutine()
	meet(t, p, 10)
	if !eventually(func() bool { return runtime.NumGoroutine() <= before }) {
		t.Errorf("got %d goroutines, want the %d of before the first task", runtime.NumGoroutine(), before)
	}
	meet(t, p, 10)
}
