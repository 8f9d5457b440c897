package actor

import (
	"context"
	"math"
	"sync"

	"github.com/thejerf/suture/v4"
)

// tended is the engine that gives each actor a goroutine under a supervisor of suture. A
// panic ends the goroutine, and suture starts another one for the same actor.
//
// Source: github.com/thejerf/suture/v4 v4.0.6.
// Progress, Ordering: as channel, which is the mailbox.
// Space: as channel, and an entry at suture for each actor.
// Bridged: suture restarts whatever panics; where that is too often, it pauses, and does
// not escalate. So its limit is off. A new goroutine asks our own supervision first what
// to do. The tree is ours, too: suture sees a flat one.
// Wins nowhere here; it shows what a restart by suture costs, which records the stack.
type tended struct {
	supervisor *suture.Supervisor
	cancel     context.CancelFunc
	ended      <-chan error
	group      sync.WaitGroup // of actors
}

// NewSuture makes a system whose actors have a channel each, and run under suture.
func NewSuture(int) System {
	e := &tended{supervisor: suture.New("actors", suture.Spec{
		EventHook:        func(suture.Event) {},
		FailureThreshold: math.MaxFloat64,
	})}
	ctx, cancel := context.WithCancel(context.Background())
	e.cancel = cancel
	e.ended = e.supervisor.ServeBackground(ctx)
	return newSystem(e, openChannel)
}

func (e *tended) start(a *cell) {
	e.group.Add(1)
	e.supervisor.Add(&tendedActor{cell: a, group: &e.group, turn: turn{passes: true}})
}

func (e *tended) close() {
	e.group.Wait()
	e.cancel()
	<-e.ended // the context's error
}

// tendedActor is an actor as a service of suture.
type tendedActor struct {
	cell    *cell
	group   *sync.WaitGroup
	turn    turn
	started bool
}

// Serve runs the actor. suture calls it again after a panic.
func (a *tendedActor) Serve(context.Context) error {
	if a.started {
		a.cell.supervised()
	}
	a.started = true
	a.cell.run(&a.turn)
	a.group.Done()
	return suture.ErrDoNotRestart
}

// String keeps suture from printing the fields.
func (a *tendedActor) String() string { return "actor" }
