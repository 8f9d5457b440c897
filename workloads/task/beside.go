package task

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
	tasks "github.com/contendbench/contend/impls/task"
	"github.com/contendbench/contend/workloads/load"
)

// beside submits tasks just as the pool is closed. Each that was accepted runs before
// Close returns, and each that was refused never does.
var beside = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "beside", Turn: "life of a pool", About: "goroutines submit tasks while another one closes the pool", Share: 8,
		Params: []harness.AnyParam{submitters, workers, queue},
		Needs:  []impls.Promise{tasks.RefusesLate}, Probes: []impls.Promise{tasks.RefusesLate}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			over(tinyPools, submitters.In(1, 2, 3)),
			over(smallPools, harness.Within(submitters, 1, 20)),
		}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		if t.Promises(tasks.Blocks) && !t.Promises(tasks.CloseWakes) {
			// A Submit that waits may wait forever.
			room = max(room, submitters.Of(t)*mostBeside)
		}
		return playLives(t, func(w *harness.Worker) error {
			l := newLedger(t, create, n, room)
			l.rules.closed = true
			return l.closeBeside(w.Rand(), submitters.Of(t))
		})
	},
}

// mostBeside is how many tasks a goroutine submits at most beside Close.
const mostBeside = 100

// closeBeside closes the pool while goroutines submit tasks.
func (l *ledger) closeBeside(rng *rand.Rand, submitters int) error {
	var group sync.WaitGroup
	var started atomic.Int64
	bodies := []func(){nothing, lasting(rng)}
	slow := rng.IntN(2) == 0 // the queue is mostly empty, so that workers end at once
	if slow {
		bodies = bodies[:1]
	}
	for range submitters {
		group.Go(func() {
			started.Add(1)
			for i := range mostBeside {
				err := l.submit(context.Background(), bodies[i%len(bodies)])
				if errors.Is(err, tasks.ErrClosed) {
					return
				}
				if err != nil || slow {
					runtime.Gosched()
				}
			}
		})
	}
	for started.Load() == 0 {
		runtime.Gosched()
	}
	load.Pause(rng, 50*time.Microsecond)
	ran := l.close(1 + rng.IntN(2))
	group.Wait()
	return l.check(ran)
}

// late submits tasks after Close has returned.
var late = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "late", Turn: "life of a pool", About: "a Submit after Close returns ErrClosed, and its task never runs",
		Params: []harness.AnyParam{submitters, workers, queue},
		Needs:  []impls.Promise{tasks.RefusesLate}, Probes: []impls.Promise{tasks.RefusesLate}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools, submitters.In(1, 2, 8)), over(smallPools)}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return playLives(t, func(w *harness.Worker) error {
			l := newLedger(t, create, n, room)
			l.crowd(w.Rand().IntN(2), n, false)
			ran := l.close(1)
			before := len(l.all())
			l.crowd(submitters.Of(t), 1+w.Rand().IntN(2*(n+room+1)), false)
			l.rules.closed = true
			load.Pause(w.Rand(), 20*time.Microsecond) // for a task that would run
			for _, r := range l.all()[before:] {
				if !errors.Is(r.err, tasks.ErrClosed) {
					return fmt.Errorf("got %v from a Submit after Close, want ErrClosed", r.err)
				}
			}
			return l.check(ran)
		})
	},
}
