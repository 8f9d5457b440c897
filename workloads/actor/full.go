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

var room = size("room", "messages that a mailbox has room for", 8)

// full fills the mailbox of an actor that is inside a message, and sends more. What must
// happen then is the promise of the system.
var full = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "full", Turn: "round", About: "a mailbox gets more messages than it has room for",
		Params: []harness.AnyParam{room, dispatchers},
		Probes: []impls.Promise{impls.Bounded, actors.Blocks, actors.Drops, actors.Refuses},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(room, 1, 1000), fewDispatchers)}},
	},
	Accepts: func(i impls.Impl[actors.New]) bool {
		return i.Has(actors.Blocks) || i.Has(actors.Drops) || i.Has(actors.Refuses)
	},
	Run: func(t *harness.Trial, create actors.New) error {
		f := filling{
			room: room.Of(t), blocks: t.Promises(actors.Blocks), drops: t.Promises(actors.Drops),
			asks: t.Promises(actors.Asks),
		}
		return load.Rounds(t, func(rng *rand.Rand) error { return f.play(rng, create(dispatchers.Of(t))) })
	},
}

// filling is what must happen to messages beyond the room.
type filling struct {
	room          int
	blocks, drops bool // neither: they are refused
	asks          bool
}

// play fills a mailbox of an actor that is inside its first message. It sends more, lets
// the actor work, and checks what it has got.
func (f filling) play(rng *rand.Rand, system actors.System) error {
	k, gate, entered, second := newWitness(mostWaiting), make(chan struct{}), make(chan struct{}, 1), 0
	k.gaps = f.drops
	ref := system.Spawn(props(f.room, func(_ actors.Context, m any) {
		l := m.(*letter)
		if k.handled == 0 {
			entered <- struct{}{}
			<-gate
		}
		if k.see(l); k.handled == 2 {
			second = l.number
		}
	}))
	ref.Tell(newLetter(0, 1))
	<-entered
	for i := range f.room {
		if !ref.Tell(newLetter(0, i+2)) {
			close(gate)
			return fmt.Errorf("a mailbox with room for %d messages refused number %d", f.room, i+1)
		}
	}
	more := 1 + rng.IntN(2*f.room)
	err := errors.Join(f.ask(ref), f.overfill(rng, ref, more, gate))
	want, dead := f.room+1, 0
	switch {
	case f.blocks:
		want += mostWaiting * more
	case f.drops:
		dead = more
	}
	ref.Stop()
	<-ref.Done()
	system.Close()
	errs := []error{
		err, k.wrong, differs("messages handled", k.handled, want),
		differs("dead letters", int(system.DeadLetters()), dead),
	}
	if f.drops {
		errs = append(errs, differs("oldest message that was not dropped", second, 2+more),
			differs("last message handled", k.last[0], 1+f.room+more))
	}
	return errors.Join(errs...)
}

// ask asks an actor that has no room, and must refuse.
func (f filling) ask(ref actors.Ref) error {
	if f.blocks || f.drops || !f.asks {
		return nil
	}
	if got, err := ref.Ask(context.Background(), starts{}); !errors.Is(err, actors.ErrFull) {
		return fmt.Errorf("an Ask of an actor without room: got %v and error %v, want ErrFull", got, err)
	}
	return nil
}

// overfill sends more messages to a full mailbox, and then opens the gate.
func (f filling) overfill(rng *rand.Rand, ref actors.Ref, more int, gate chan struct{}) error {
	if f.blocks {
		return f.wait(rng, ref, more, gate)
	}
	defer close(gate)
	for i := range more {
		if taken := ref.Tell(newLetter(0, f.room+2+i)); taken != f.drops {
			return fmt.Errorf("message %d to a mailbox with room for %d: got taken=%v, want %v",
				f.room+1+i, f.room, taken, f.drops)
		}
	}
	return nil
}

// mostWaiting is how many senders wait for room.
const mostWaiting = 4

// wait has senders send messages that must wait for room. The first is the one that has
// filled the mailbox.
func (f filling) wait(rng *rand.Rand, ref actors.Ref, more int, gate chan struct{}) error {
	var group sync.WaitGroup
	errs := make([]error, mostWaiting)
	for s := range errs {
		first := 1
		if s == 0 {
			first = f.room + 2
		}
		load.QueueUp(&group, func() {
			for i := range more {
				if errs[s] = f.waitOnce(ref, newLetter(s, first+i), gate); errs[s] != nil {
					return
				}
			}
		})
	}
	load.Pause(rng, load.ArrivalGap)
	close(gate)
	group.Wait()
	return errors.Join(errs...)
}

// waitOnce sends a message that must wait until the gate is open.
func (f filling) waitOnce(ref actors.Ref, l *letter, gate chan struct{}) error {
	if !ref.Tell(l) {
		return errors.New("a mailbox refused a message, for which it must wait")
	}
	select {
	case <-gate:
		return nil
	default:
		return fmt.Errorf("a Tell to a full mailbox with room for %d returned", f.room)
	}
}
