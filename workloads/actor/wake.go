package actor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one waiter, which only one event can wake: nothing else happens in the system.
// A wake-up that is lost hangs the round. One that a timer replaces comes late.
var wake = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "wake", Turn: "3 rounds",
		About:  "a message, a stop, an answer or free room is the only event that can wake the only waiter",
		Probes: []impls.Promise{actors.Asks, actors.Blocks},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		var kinds []load.Waking
		for _, k := range wakings {
			if k.needs == (impls.Promise{}) || t.Promises(k.needs) {
				kinds = append(kinds, load.Waking{Event: k.event, Round: k.round(create)})
			}
		}
		return load.CheckWakings(t, kinds)
	},
}

// A waking is a way to wake a waiter.
type waking struct {
	event string
	needs impls.Promise // zero: none
	set   func(rng *rand.Rand, system actors.System) (w wait, event func())
}

func (k waking) round(create actors.New) load.WakeRound {
	return func(rng *rand.Rand, pause func()) (took time.Duration, err error) {
		system := create(1 + rng.IntN(3))
		defer system.Close()
		wait, event := k.set(rng, system)
		took = load.WakeUp(pause, func() { err = wait() }, event)
		return took, err
	}
}

// wait returns when the event has happened.
type wait func() error

// heard is a wait for a message to be handled.
func heard(ears <-chan struct{}) wait {
	return func() error { <-ears; return nil }
}

// listener are the props of an actor that closes ears at its message number n.
func listener(ears chan struct{}, n int) actors.Props {
	return props(n, func(actors.Context, any) {
		if n--; n == 0 {
			close(ears)
		}
	})
}

// holding spawns an actor whose mailbox has room for one message. It is inside its first
// message, and leaves it when gate is closed.
func holding(system actors.System, gate chan struct{}) actors.Ref {
	entered := make(chan struct{}, 3)
	ref := system.Spawn(props(1, func(c actors.Context, m any) {
		entered <- struct{}{}
		<-gate
		c.Reply(m)
	}))
	ref.Tell(starts{})
	<-entered
	return ref
}

// dying spawns an actor whose mailbox has room for one message. It is inside its first
// message, and stops itself when gate is closed.
func dying(system actors.System, gate chan struct{}) actors.Ref {
	entered := make(chan struct{}, 1)
	ref := system.Spawn(props(1, func(c actors.Context, _ any) {
		entered <- struct{}{}
		<-gate
		c.Stop()
	}))
	ref.Tell(starts{})
	<-entered
	return ref
}

var wakings = []waking{
	{event: "first message of an actor", set: func(_ *rand.Rand, system actors.System) (wait, func()) {
		ears := make(chan struct{})
		ref := system.Spawn(listener(ears, 1))
		return heard(ears), func() { ref.Tell(starts{}) }
	}},
	{event: "second message of an actor", set: func(rng *rand.Rand, system actors.System) (wait, func()) {
		ears := make(chan struct{})
		ref := system.Spawn(listener(ears, 2))
		ref.Tell(starts{})
		load.Pause(rng, 100*time.Microsecond) // it handles the first, or has just done so
		return heard(ears), func() { ref.Tell(starts{}) }
	}},
	{event: "message of another actor", set: func(_ *rand.Rand, system actors.System) (wait, func()) {
		ears := make(chan struct{})
		last := system.Spawn(listener(ears, 1))
		first := system.Spawn(props(1, func(_ actors.Context, m any) { last.Tell(m) }))
		return heard(ears), func() { first.Tell(starts{}) }
	}},
	{event: "message of a child", set: func(_ *rand.Rand, system actors.System) (wait, func()) {
		ears := make(chan struct{})
		last := system.Spawn(listener(ears, 1))
		parent := system.Spawn(props(1, func(c actors.Context, m any) {
			c.Spawn(props(1, func(_ actors.Context, m any) { last.Tell(m) })).Tell(m)
		}))
		return heard(ears), func() { parent.Tell(starts{}) }
	}},
	{event: "stop of an actor without messages", set: func(_ *rand.Rand, system actors.System) (wait, func()) {
		ref := system.Spawn(props(1, func(actors.Context, any) {}))
		return heard(ref.Done()), ref.Stop
	}},
	{event: "last message of an actor that stops", set: func(_ *rand.Rand, system actors.System) (wait, func()) {
		gate := make(chan struct{})
		ref := holding(system, gate)
		ref.Stop()
		return heard(ref.Done()), func() { close(gate) }
	}},
	{event: "end of the last child", set: func(_ *rand.Rand, system actors.System) (wait, func()) {
		gate, entered, born := make(chan struct{}), make(chan struct{}), make(chan actors.Ref, 1)
		parent := system.Spawn(props(1, func(c actors.Context, _ any) {
			born <- c.Spawn(props(1, func(actors.Context, any) {
				close(entered)
				<-gate
			}))
		}))
		parent.Tell(starts{})
		(<-born).Tell(starts{})
		<-entered // not every child handles what it has when its parent stops
		parent.Stop()
		return heard(parent.Done()), func() { close(gate) }
	}},
	{event: "answer to an Ask", needs: actors.Asks, set: func(_ *rand.Rand, system actors.System) (wait, func()) {
		gate := make(chan struct{})
		ref := holding(system, gate)
		return func() error {
			got, err := ref.Ask(context.Background(), 1)
			return errors.Join(err, differs[any]("answer", got, 1))
		}, func() { close(gate) }
	}},
	{event: "end of an Ask's context", needs: actors.Asks, set: func(
		_ *rand.Rand, system actors.System,
	) (wait, func()) {
		gate := make(chan struct{})
		ref := holding(system, gate)
		ctx, cancel := context.WithCancel(context.Background())
		return func() error {
			defer close(gate)
			return endedBy(ctx, ref, 1)
		}, cancel
	}},
	{event: "stop of an actor that was asked", needs: actors.Asks, set: func(
		_ *rand.Rand, system actors.System,
	) (wait, func()) {
		gate := make(chan struct{})
		ref := dying(system, gate)
		return func() error {
			if got, err := ref.Ask(context.Background(), 1); !errors.Is(err, actors.ErrStopped) {
				return fmt.Errorf("an Ask of an actor that then stopped: got %v and error %v, want ErrStopped", got, err)
			}
			return nil
		}, func() { close(gate) }
	}},
	{event: "stop of an actor without room", needs: actors.Blocks, set: func(
		_ *rand.Rand, system actors.System,
	) (wait, func()) {
		gate := make(chan struct{})
		ref := dying(system, gate)
		ref.Tell(starts{})
		return func() error {
			if ref.Tell(starts{}) {
				return errors.New("an actor that had stopped took a message of a sender that waited")
			}
			return nil
		}, func() { close(gate) }
	}},
	{event: "free room", needs: actors.Blocks, set: func(_ *rand.Rand, system actors.System) (wait, func()) {
		gate := make(chan struct{})
		ref := holding(system, gate)
		ref.Tell(starts{})
		return func() error {
			if !ref.Tell(starts{}) {
				return errors.New("a Tell that waited for room was refused")
			}
			return nil
		}, func() { close(gate) }
	}},
}

// endedBy asks an actor that does not answer before ctx ends.
func endedBy(ctx context.Context, ref actors.Ref, question any) error {
	got, err := ref.Ask(ctx, question)
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		return fmt.Errorf("an Ask of an actor that did not answer: got %v and error %v, want that of the context",
			got, err)
	}
	return nil
}
