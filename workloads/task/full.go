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

// full fills a pool that rejects: it takes exactly as many tasks as it has workers and
// room, and again after they have run.
var full = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "full", Turn: "life of a pool",
		About:  "a pool whose tasks all wait takes exactly as many as it has workers and room",
		Params: []harness.AnyParam{workers, queue},
		Needs:  []impls.Promise{tasks.Rejects, tasks.Limited}, Probes: []impls.Promise{tasks.Rejects}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools), over(smallPools)}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return playLives(t, func(w *harness.Worker) error {
			l := newLedger(t, create, n, room)
			for range 1 + w.Rand().IntN(2) {
				if err := l.fill(w.Rand(), n+room); err != nil {
					return err
				}
			}
			return l.finish(1)
		})
	},
}

// fill gives the pool as many tasks as it must take, and then some that it must refuse.
func (l *ledger) fill(rng *rand.Rand, size int) error {
	gate := make(chan struct{})
	defer close(gate)
	blocked := func() { <-gate }
	for i := range size {
		if err := l.insistFor(looks, blocked); err != nil {
			return fmt.Errorf("%w from a pool with %d tasks and room for %d", err, i, size)
		}
	}
	var group sync.WaitGroup
	var taken atomic.Int64
	for range 1 + rng.IntN(3) {
		group.Go(func() {
			for range 3 {
				if l.submit(context.Background(), blocked) == nil {
					taken.Add(1)
				}
			}
		})
	}
	group.Wait()
	if n := taken.Load(); n > 0 {
		return fmt.Errorf("a pool with room for %d tasks took %d more", size, n)
	}
	return nil
}

// insistFor is insist for that many milliseconds, as it can see them: a worker may still
// be on its way to its next task.
func (l *ledger) insistFor(looks int, body func()) error {
	const quick = 100
	for try := 1; ; try++ {
		err := l.submit(context.Background(), body)
		switch {
		case err == nil, !errors.Is(err, tasks.ErrFull), try == quick+looks:
			return err
		case try < quick:
			runtime.Gosched()
		default:
			time.Sleep(time.Millisecond)
		}
	}
}

// fullWaits fills a pool that waits: it takes no more tasks than it has workers and room,
// and the others when these have run.
var fullWaits = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "full-waits", Turn: "life of a pool", About: "a pool whose tasks all wait lets the next Submit wait, too",
		Params: []harness.AnyParam{submitters, workers, queue},
		Needs:  []impls.Promise{tasks.Blocks, tasks.Limited}, Probes: []impls.Promise{tasks.Blocks}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			over(tinyPools, submitters.In(1, 2, 8)),
			over(smallPools, harness.Within(submitters, 1, 20)),
		}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		most := mostHeld(n, room)
		return playLives(t, func(w *harness.Worker) error {
			l := newLedger(t, create, n, room)
			gate := make(chan struct{})
			var group sync.WaitGroup
			var taken atomic.Int64
			for range submitters.Of(t) {
				group.Go(func() {
					for range most/submitters.Of(t) + 2 {
						if l.submit(context.Background(), func() { <-gate }) == nil {
							taken.Add(1)
						}
					}
				})
			}
			load.Pause(w.Rand(), time.Millisecond)
			held := taken.Load()
			close(gate)
			group.Wait()
			if held > int64(most) {
				return fmt.Errorf("a pool with room for %d tasks took %d", most, held)
			}
			return l.finish(1)
		})
	},
}

// unbounded fills a pool that accepts everything, while all of its workers are blocked.
var unbounded = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "unbounded", Turn: "life of a pool", About: "a pool that accepts everything does so while all its tasks wait",
		Params: []harness.AnyParam{workers, each},
		Needs:  []impls.Promise{impls.Unbounded}, Probes: []impls.Promise{impls.Unbounded}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(workers.In(1, 2, 3), harness.Within(each, 1, 3000)),
			harness.Over(harness.Within(workers, 1, 100), harness.Within(each, 1, 300)),
		}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n := workers.Of(t)
		return playLives(t, func(*harness.Worker) error {
			l := newLedger(t, create, n, 1)
			gate, blocked := make(chan struct{}), make(chan struct{}, n)
			for range n {
				if err := l.insist(func() { blocked <- struct{}{}; <-gate }); err != nil {
					break // check says what is wrong with it
				}
				<-blocked
			}
			for range each.Of(t) {
				if l.submit(context.Background(), nothing) != nil {
					break
				}
			}
			close(gate)
			return l.finish(1)
		})
	},
}
