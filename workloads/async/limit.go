package async

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	asyncs "github.com/contendbench/contend/impls/async"
	"github.com/contendbench/contend/workloads/load"
)

// limit counts the functions that run at the same instant: at most as many as there are
// workers, and as many if they wait for each other, whatever else sleeps, waits or has
// panicked.
var limit = harness.Workload[New]{
	Load: harness.Load{
		Name: "limit", Turn: "life of an executor",
		About:  "at most as many functions run at once as there are workers, and as many can",
		Params: []harness.AnyParam{load.Goroutines, workers},
		Needs:  []impls.Promise{asyncs.Limited}, Probes: []impls.Promise{asyncs.Limited},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 60), harness.Within(workers, 1, 16)),
		}},
	},
	Run: func(t *harness.Trial, create New) error {
		n, size := load.Goroutines.Of(t), workers.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error {
			return (&limited{workers: int64(size)}).play(rng, startFunctions(create, size), n)
		})
	},
}

// limited is an executor whose functions are counted.
type limited struct {
	workers   int64
	now, most atomic.Int64
}

// visit counts a function that runs for a moment.
func (l *limited) visit() {
	if now := l.now.Add(1); now > l.most.Load() {
		l.most.Store(now)
	}
	runtime.Gosched()
	l.now.Add(-1)
}

// play runs n functions that wait in every way, then as many as there are workers that
// meet, and then n again: a wait that was cancelled in between may have cost a worker or
// have made one.
func (l *limited) play(rng *rand.Rand, e executor, n int) error {
	err := l.count(rng, e, n)
	if err == nil {
		err = l.meet(rng, e)
	}
	if err == nil {
		err = l.count(rng, e, n)
	}
	if err == nil {
		e.close()
	}
	return err
}

// count runs n functions that wait in every way, and counts those that run.
func (l *limited) count(rng *rand.Rand, e executor, n int) error {
	child := &program{visit: l.visit, sleep: sometimes(rng, 2, func() time.Duration { return shortTime(rng) })}
	p := repeated(child, 4, rng.IntN(2) == 0)
	p.visit = l.visit
	p.panics = sometimes(rng, 3, func() any { return "panic of a function that is counted" })
	if err := runTogether(e, p, n); err != nil {
		return err
	}
	if most := l.most.Load(); most > l.workers {
		return fmt.Errorf("%d functions ran at once on %d workers", most, l.workers)
	}
	return nil
}

// meet has as many functions meet as there are workers, while as many others wait and are
// then cancelled.
func (l *limited) meet(rng *rand.Rand, e executor) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var waiters []asyncs.Task[Value]
	for range l.workers {
		waiters = append(waiters, e.run(ctx, waiting[rng.IntN(len(waiting))]))
	}
	load.Pause(rng, 100*time.Microsecond)
	var met atomic.Int64
	var missed atomic.Bool
	p := &program{visit: func() {
		met.Add(1)
		if !soon(func() bool { return met.Load() >= l.workers }) {
			missed.Store(true)
		}
	}}
	if err := runTogether(e, p, int(l.workers)); err != nil {
		return err
	}
	cancel()
	for _, task := range waiters {
		if err := endedBy(ctx, task); err != nil {
			return err
		}
	}
	if missed.Load() {
		return fmt.Errorf("%d functions could not run at once on as many workers, while others waited", l.workers)
	}
	return nil
}

// runTogether runs a program n times at once.
func runTogether(e executor, p *program, n int) error {
	var group sync.WaitGroup
	want, errs := p.forecast(), make([]error, n)
	for i := range n {
		group.Go(func() { errs[i] = e.await(p, want) })
	}
	group.Wait()
	return errors.Join(errs...)
}
