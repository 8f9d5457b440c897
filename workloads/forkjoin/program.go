package forkjoin

import (
	"runtime"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// program is one run of a program, in either of two forms, which give the same result.
type program struct {
	alone  func()            // the sequential program, without a scope
	forked func(forks.Scope) // the program that forks
	check  func() error      // looks at the result; it is not timed
}

var (
	speedup = harness.Metric{
		Unit: "speedup", Better: harness.Higher,
		About: "time of the sequential program divided by the time of this one",
	}
	efficiency = harness.Metric{
		Unit: "efficiency", Better: harness.Higher,
		About: "speedup divided by that of independent sequential copies, one for each worker",
	}

	// runNs ranks programs: a window has one turn, so its ns/op is not compared.
	runNs = harness.Metric{
		Unit: "run-ns", Better: harness.Lower, About: "time of a run of the program, without the end of the pool",
	}

	programMetrics = []harness.Metric{runNs, speedup, efficiency}
)

// measure makes each window one run of a program on a pool. Before that, it runs the
// sequential program once, and then as many copies of it as there are workers.
func measure(t *harness.Trial, newPool forks.New, create func() program) error {
	n := workersOf(t)
	return t.Window(func(w *harness.Window) error {
		var alone, copies time.Duration
		if !w.Timed() {
			var err error
			if alone, err = timeCopies(1, create); err != nil {
				return err
			}
			if copies, err = timeCopies(n, create); err != nil {
				return err
			}
		}
		var took time.Duration
		pool, p := newPool(n), create()
		runtime.GC()
		w.Go("program", 1, func(w *harness.Worker) {
			for w.Next() {
				start := time.Now()
				pool.Run(p.forked)
				took = time.Since(start)
			}
			pool.Close()
		}, harness.Whole())
		w.Check(func() error {
			w.Set(runNs, float64(took))
			if copies > 0 {
				w.Set(speedup, float64(alone)/float64(took))
				w.Set(efficiency, float64(copies)/float64(n)/float64(took))
			}
			return p.check()
		})
		return nil
	})
}

// timeCopies runs n sequential copies of a program at once, and returns their time.
func timeCopies(n int, create func() program) (time.Duration, error) {
	copies := make([]program, n)
	for i := range copies {
		copies[i] = create()
	}
	runtime.GC()
	var group sync.WaitGroup
	start := time.Now()
	for _, p := range copies {
		group.Go(p.alone)
	}
	group.Wait()
	took := time.Since(start)
	for _, p := range copies {
		if err := p.check(); err != nil {
			return 0, err
		}
	}
	return took, nil
}
