package actor

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

// chain has an actor tell itself. It handles such a message after those that are in its
// mailbox, and never from inside its Tell.
var chain = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "chain", Turn: "round", About: "an actor tells itself, behind what others have told it",
		Params: []harness.AnyParam{letters, dispatchers},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(letters, 1, 500), fewDispatchers)}},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		n := letters.Of(t)
		return load.Rounds(t, func(*rand.Rand) error {
			return tellItself(create(dispatchers.Of(t)), n)
		})
	},
}

// tellItself plays one round. Sender 0 is outside. Sender 1 is the actor, which answers
// each letter from outside with one to itself.
func tellItself(system actors.System, n int) error {
	k, gate, done := newWitness(2), make(chan struct{}), make(chan error, 1)
	ref := system.Spawn(props(2*n, func(c actors.Context, m any) {
		<-gate
		l := m.(*letter)
		k.see(l)
		if l.from == 1 && k.last[0] < n {
			k.fail(fmt.Errorf("a message of an actor to itself came before message %d, sent before it", k.last[0]+1))
		}
		if l.from == 0 {
			k.inside++ // a message that is handled inside Tell finds it so
			if !c.Self().Tell(newLetter(1, l.number)) {
				k.fail(errors.New("a mailbox with room refused a message of its actor"))
			}
			k.inside--
		}
		if k.handled == 2*n || k.wrong != nil {
			select {
			case done <- k.wrong:
			default:
			}
		}
	}))
	err := sendLetters(ref, n)
	close(gate)
	if err == nil {
		err = <-done
	}
	system.Close()
	return errors.Join(err, k.wrong, noDeadLetters(system))
}
