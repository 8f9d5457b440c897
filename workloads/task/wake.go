package task

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one waiter, or two, which only one event can wake: nothing else touches the
// pool. A wake-up that is lost hangs the round. One that a timer replaces comes late.
var wake = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "wake", Turn: "3 rounds",
		About:  "a task, the end of one or a cancellation is the only event that can wake a worker or a submitter",
		Probes: []impls.Promise{tasks.Blocks, impls.Cancellable}, Allocates: true,
		Points: lone,
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		var kinds []load.Waking
		for _, k := range wakings {
			if k.fits(t) {
				kinds = append(kinds, load.Waking{Event: k.event, Round: k.round(create)})
			}
		}
		return load.CheckWakings(t, kinds)
	},
}

// A waking is a way to wake a waiter.
type waking struct {
	event   string
	workers int // that it needs
	needs   []impls.Promise
	set     func(s *scene) (wait, event func())
}

func (k waking) round(create tasks.New) load.WakeRound {
	return func(rng *rand.Rand, pause func()) (time.Duration, error) {
		s := newScene(rng, create, k.workers)
		wait, event := k.set(s)
		took := load.WakeUp(pause, wait, event)
		return took, s.end()
	}
}

func (k waking) fits(t *harness.Trial) bool {
	for _, p := range k.needs {
		if !t.Promises(p) {
			return false
		}
	}
	return true
}

// A scene is the pool of a round. Its tasks wait for the gate.
type scene struct {
	pool tasks.Pool
	gate chan struct{}
	err  error // of the waiter or of the event
}

// maxAge is how many tasks a pool may have run before its round.
const maxAge = 20

func newScene(rng *rand.Rand, create tasks.New, workers int) *scene {
	s := &scene{pool: create(workers+rng.IntN(3), rng.IntN(3)), gate: make(chan struct{})}
	for range rng.IntN(maxAge) {
		s.err = errors.Join(s.err, meet(1, s.insist))
	}
	return s
}

func (s *scene) insist(task func()) error { return insist(s.pool, task) }

func (s *scene) blocked() { <-s.gate }

// end opens the gate and closes the pool.
func (s *scene) end() error {
	close(s.gate)
	s.pool.Close()
	return s.err
}

var wakings = []waking{
	{event: "a task", workers: 1, set: func(s *scene) (wait, event func()) {
		ran := newRoll(1)
		return ran.wait, func() { s.err = errors.Join(s.err, s.insist(ran.call)) }
	}},
	{event: "two tasks at once, which wait for each other", workers: 2, set: func(s *scene) (wait, event func()) {
		both := newRoll(2)
		task := func() { both.call(); both.wait() }
		return both.wait, func() {
			var group sync.WaitGroup
			var other error
			group.Go(func() { other = s.insist(task) })
			err := s.insist(task)
			group.Wait()
			s.err = errors.Join(s.err, err, other)
		}
	}},
	{
		event: "the end of a task of a full pool", workers: 1, needs: []impls.Promise{tasks.Blocks},
		set: func(s *scene) (wait, event func()) {
			var free atomic.Bool
			s.err = errors.Join(s.err, s.insist(s.blocked)) // so that one task is there to end
			wait = func() {
				for !free.Load() {
					if err := s.pool.Submit(context.Background(), s.blocked); err != nil {
						s.err = errors.Join(s.err, err)
						return
					}
				}
			}
			return wait, func() {
				free.Store(true)
				s.gate <- struct{}{}
			}
		},
	},
	{
		event: "a cancellation", workers: 1, needs: []impls.Promise{tasks.Blocks, impls.Cancellable},
		set: func(s *scene) (wait, event func()) {
			ctx, cancel := context.WithCancel(context.Background())
			wait = func() {
				for ctx.Err() == nil {
					if err := s.pool.Submit(ctx, s.blocked); err != nil && !errors.Is(err, context.Canceled) {
						s.err = errors.Join(s.err, fmt.Errorf("got %w from a Submit, want that of its context", err))
						return
					}
				}
			}
			return wait, cancel
		},
	},
}
