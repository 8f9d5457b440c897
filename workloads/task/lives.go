package task

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// lives takes a fresh pool through a short life: a few goroutines submit a few tasks, and
// Close ends it. The last task of a life has only one event to wake its worker. In a long
// window, the next task would hide a wake-up that was lost.
var lives = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a pool", About: "a fresh pool runs a few tasks of a few goroutines, and is closed",
		Params: []harness.AnyParam{submitters, workers, queue, each},
		Probes: []impls.Promise{tasks.Limited, tasks.Blocks, tasks.Rejects, impls.Unbounded}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			over(tinyPools, submitters.In(1, 2, 3), harness.Within(each, 1, 40)),
			over(smallPools, harness.Within(submitters, 1, 20), harness.Within(each, 1, 40)),
			over(largePools, harness.Within(submitters, 20, 600), each.In(1, 3)),
		}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return playLives(t, func(w *harness.Worker) error {
			l := newLedger(t, create, n, room)
			l.crowd(submitters.Of(t), each.Of(t), w.Rand().IntN(2) == 0)
			return l.finish(1)
		})
	},
}

// crowd has goroutines submit tasks, and waits for the last Submit. Some tasks may yield.
func (l *ledger) crowd(submitters, each int, yields bool) {
	var group sync.WaitGroup
	for s := range submitters {
		group.Go(func() {
			for i := range each {
				body := nothing
				if yields && (s+i)%3 == 0 {
					body = runtime.Gosched
				}
				if l.submit(context.Background(), body) != nil || (s+i)%7 == 0 {
					runtime.Gosched()
				}
			}
		})
	}
	group.Wait()
}

// closers has several goroutines call Close while tasks run. Each of the calls returns
// after the last task.
var closers = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "closers", Turn: "life of a pool", About: "several goroutines call Close; each call waits for the tasks",
		Params: []harness.AnyParam{workers, queue}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools), over(smallPools)}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return playLives(t, func(w *harness.Worker) error {
			l := newLedger(t, create, n, room)
			for range w.Rand().IntN(2*n + 1) {
				body := lasting(w.Rand())
				if err := l.insist(body); err != nil {
					break // check says what is wrong with it
				}
			}
			if err := l.finish(1 + w.Rand().IntN(4)); err != nil {
				return err
			}
			l.pool.Close() // returns at once
			return nil
		})
	},
}

// lasting returns a task that takes a random time, or none.
func lasting(rng *rand.Rand) func() {
	yields := rng.IntN(4) * rng.IntN(20)
	return func() {
		for range yields {
			runtime.Gosched()
		}
	}
}
