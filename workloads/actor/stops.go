package actor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

// stops has an actor stop while its mailbox is full of messages: by Stop from outside or
// from a message, by Close, or with its parent. It handles all that came before.
var stops = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "stops", Turn: "round", About: "an actor is stopped, handles what is in its mailbox, and is done",
		Params: []harness.AnyParam{letters, dispatchers},
		Probes: []impls.Promise{actors.Asks, actors.DrainsChildren},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(letters, 1, 2000), fewDispatchers)}},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		n := letters.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error {
			system := closeOnce(create(dispatchers.Of(t)))
			var err error
			if t.Promises(actors.Asks) {
				err = askStopped(system)
			}
			ways := stopWays
			if t.Promises(actors.DrainsChildren) {
				ways = append(ways, withParent)
			}
			err = errors.Join(err, ways[rng.IntN(len(ways))](rng, system, n))
			system.Close()
			return errors.Join(err, noDeadLetters(system))
		})
	},
}

// closedOnce is a system whose second Close does nothing.
type closedOnce struct {
	actors.System
	close func()
}

func closeOnce(s actors.System) closedOnce { return closedOnce{s, sync.OnceFunc(s.Close)} }

// Close closes the system at its first call.
func (s closedOnce) Close() { s.close() }

// stopWays are ways to stop an actor with n messages in its mailbox. Each returns when the
// actor has stopped.
var stopWays = []func(*rand.Rand, actors.System, int) error{
	func(rng *rand.Rand, system actors.System, n int) error { // once or twice, from outside
		k, gate := newWitness(1), make(chan struct{})
		ref := system.Spawn(gated(k, gate, n))
		err := sendLetters(ref, n)
		for range 1 + rng.IntN(2) {
			ref.Stop()
		}
		close(gate)
		<-ref.Done()
		ref.Stop()
		return errors.Join(err, handledAll(k, ref, n))
	},
	func(rng *rand.Rand, system actors.System, n int) error { // from a message
		k, gate, last := newWitness(1), make(chan struct{}), 1+rng.IntN(n)
		ref := system.Spawn(props(n, func(c actors.Context, m any) {
			<-gate
			if k.see(m.(*letter)); k.handled == last {
				c.Self().Stop()
			}
		}))
		err := sendLetters(ref, n)
		close(gate)
		<-ref.Done()
		return errors.Join(err, handledAll(k, ref, n))
	},
	func(_ *rand.Rand, system actors.System, n int) error { // by Close
		k, gate := newWitness(1), make(chan struct{})
		ref := system.Spawn(gated(k, gate, n))
		err := sendLetters(ref, n)
		close(gate)
		system.Close()
		<-ref.Done()
		return errors.Join(err, handledAll(k, ref, n))
	},
}

// withParent stops the parent of an actor with n messages in its mailbox.
func withParent(_ *rand.Rand, system actors.System, n int) error {
	k, gate, born := newWitness(1), make(chan struct{}), make(chan actors.Ref, 1)
	parent := system.Spawn(props(1, func(c actors.Context, _ any) { born <- c.Spawn(gated(k, gate, n)) }))
	parent.Tell(starts{})
	child := <-born
	err := sendLetters(child, n)
	parent.Stop()
	close(gate)
	<-parent.Done()
	select {
	case <-child.Done():
	default:
		err = errors.Join(err, errors.New("a parent was done before its child"))
	}
	return errors.Join(err, handledAll(k, child, n))
}

// gated are the props of an actor that handles nothing before the gate is open.
func gated(k *witness, gate chan struct{}, room int) actors.Props {
	return props(room, func(_ actors.Context, m any) {
		<-gate
		k.see(m.(*letter))
	})
}

// sendLetters sends n messages to an actor whose mailbox has room for them.
func sendLetters(ref actors.Ref, n int) error {
	for i := range n {
		if !ref.Tell(newLetter(0, i+1)) {
			return fmt.Errorf("a mailbox with room for %d messages refused number %d", n, i+1)
		}
	}
	return nil
}

// handledAll checks an actor that has stopped.
func handledAll(k *witness, ref actors.Ref, n int) error {
	errs := []error{k.wrong, differs("messages handled of those in the mailbox at Stop", k.handled, n)}
	if ref.Tell(newLetter(0, n+1)) {
		errs = append(errs, errors.New("an actor took a message after it had stopped"))
	}
	return errors.Join(errs...)
}

// askStopped asks an actor that has stopped.
func askStopped(system actors.System) error {
	ref := system.Spawn(props(1, func(actors.Context, any) {}))
	ref.Stop()
	<-ref.Done()
	if got, err := ref.Ask(context.Background(), starts{}); !errors.Is(err, actors.ErrStopped) {
		return fmt.Errorf("asking an actor that has stopped: got answer %v and error %v, want ErrStopped", got, err)
	}
	return nil
}
