package task

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cpu"
	tasks "github.com/contendbench/contend/impls/task"
	"github.com/contendbench/contend/workloads/load"
)

// closeWakes closes a pool that is full, with submitters that wait for room
// (alitto/pond#61). Each of their tasks runs, or its Submit returns ErrClosed.
var closeWakes = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "close-wakes", Turn: "life of a pool", About: "Close is called while submitters wait for room",
		Params: []harness.AnyParam{submitters, workers, queue},
		Needs:  []impls.Promise{tasks.Blocks, tasks.CloseWakes, tasks.RefusesLate},
		Probes: []impls.Promise{tasks.CloseWakes}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools, submitters.In(1, 2, 8))}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return playLives(t, func(w *harness.Worker) error {
			l := newLedger(t, create, n, room)
			l.rules.closed = true
			return l.closeFull(w.Rand(), submitters.Of(t), mostHeld(n, room)+1)
		})
	},
}

// closeFull closes the pool while submitters fill it with tasks that wait for a gate.
func (l *ledger) closeFull(rng *rand.Rand, submitters, each int) error {
	gate := make(chan struct{})
	var waiting, closing sync.WaitGroup
	for range submitters {
		waiting.Go(func() {
			for range each {
				if l.submit(context.Background(), func() { <-gate }) != nil {
					return
				}
			}
		})
	}
	load.Pause(rng, time.Millisecond)
	early := rng.IntN(3) == 0
	if early {
		close(gate)
	}
	var ran [][]int
	closing.Go(func() { ran = l.close(1) })
	load.Pause(rng, 100*time.Microsecond)
	if !early {
		close(gate)
	}
	waiting.Wait()
	closing.Wait()
	return l.check(ran)
}

// cancelled ends the contexts of submitters that wait for room. Their tasks never run, and
// the room is still there afterwards.
var cancelled = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "cancelled", Turn: "life of a pool",
		About:  "waiting submitters are cancelled: their tasks never run, and no room is lost",
		Params: []harness.AnyParam{workers, queue},
		Needs:  []impls.Promise{tasks.Blocks, impls.Cancellable}, Probes: []impls.Promise{impls.Cancellable}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools), harness.Over(workers.In(1, 5), queue.In(5, 8))}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return playLives(t, func(w *harness.Worker) error {
			l := newLedger(t, create, n, room)
			l.rules.ended = true
			l.cancelMany(w.Rand(), mostHeld(n, room))
			for range mostHeld(n, room) {
				if err := l.insist(nothing); err != nil {
					return err
				}
			}
			if err := meet(n, l.insist); err != nil {
				return err
			}
			return l.finish(1)
		})
	},
}

// cancelMany fills a pool that holds at most that many tasks, cancels twice as many waits
// for room, and lets the pool drain.
func (l *ledger) cancelMany(rng *rand.Rand, most int) {
	gate := make(chan struct{})
	blocked := func() { <-gate }
	ctx, cancel := context.WithCancel(context.Background())
	var filling sync.WaitGroup
	filling.Go(func() {
		for ctx.Err() == nil {
			if l.submit(ctx, blocked) != nil {
				return
			}
		}
	})
	load.Pause(rng, time.Millisecond)
	cancel()
	filling.Wait()
	var group sync.WaitGroup
	pauses := []time.Duration{0, 1, 10 * time.Microsecond, 100 * time.Microsecond}
	for i := range 2 * most {
		group.Go(func() {
			brief, stop := context.WithTimeout(context.Background(), pauses[i%len(pauses)])
			defer stop()
			_ = l.submit(brief, blocked) // its record has the error
		})
		if i%3 == 0 {
			group.Wait()
		}
	}
	group.Wait()
	close(gate)
}

// mostHeld returns the tasks that a full pool holds at most: those that run, and its room,
// which some pools round up to a power of two.
func mostHeld(workers, room int) int { return workers + max(cpu.PowerOfTwo(room), 2) }
