package actor

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

var (
	lifeActors = size("actors", "actors of a life", 5)
	letters    = size("messages", "messages of each sender in a life", 20)
)

// lives takes a fresh system through a short life: a few senders send a few messages to a
// few actors, and end. The last message of an actor has no other one after it that would
// hide that it was lost. Most lives end with Close; in some, actors are stopped before.
var lives = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a system",
		About:  "a fresh system gets a few messages for a few actors, and is closed",
		Params: []harness.AnyParam{load.Goroutines, lifeActors, letters, dispatchers},
		Probes: []impls.Promise{impls.Unbounded, actors.Blocks},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(
			harness.Within(load.Goroutines, 1, 40), harness.Within(lifeActors, 1, 100), harness.Within(letters, 1, 40),
			fewDispatchers)}},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		l := life{
			senders: load.Goroutines.Of(t), actors: lifeActors.Of(t), each: letters.Of(t), dispatchers: dispatchers.Of(t),
			drops: t.Promises(actors.Drops), refuses: t.Promises(actors.Refuses),
		}
		return load.Rounds(t, func(rng *rand.Rand) error { return l.live(rng, create) })
	},
}

// A life is senders that send each a number of messages.
type life struct {
	senders, actors, each, dispatchers int
	drops, refuses                     bool // what full mailboxes do
}

// live takes a system through a life, and checks it afterwards.
func (l life) live(rng *rand.Rand, create actors.New) error {
	system := create(l.dispatchers)
	witnesses, refs := make([]*witness, l.actors), make([]actors.Ref, l.actors)
	for i := range refs {
		witnesses[i] = newWitness(l.senders)
		witnesses[i].gaps = l.drops
		refs[i] = system.Spawn(props(1+rng.IntN(l.each), witnesses[i].receive))
	}
	stops := rng.IntN(4) == 0
	sums := make([]ledger, l.senders)
	errs := make([]error, l.senders+1)
	var group sync.WaitGroup
	for s := range sums {
		own := rand.New(rand.NewPCG(rng.Uint64(), uint64(s)))
		group.Go(func() { errs[s] = l.send(own, s, refs, &sums[s], stops) })
	}
	if stops {
		errs[l.senders] = stopSome(rng, refs)
	}
	group.Wait()
	system.Close()
	var all ledger
	for _, s := range sums {
		all.taken += s.taken
		all.refused += s.refused
	}
	for _, k := range witnesses {
		all.handled += k.handled
		errs = append(errs, k.wrong)
	}
	if dead := system.DeadLetters(); dead > 0 && !l.drops && !stops {
		errs = append(errs, fmt.Errorf("got %d dead letters, although no actor stopped before its mailbox was empty", dead))
	}
	return errors.Join(append(errs, all.settle(system))...)
}

// send sends one sender's messages. A message is refused only if the actor may have
// stopped or its mailbox may be full.
func (l life) send(rng *rand.Rand, from int, refs []actors.Ref, sum *ledger, stops bool) error {
	sent := make([]int, len(refs))
	for range l.each {
		to := rng.IntN(len(refs))
		if !refs[to].Tell(newLetter(from, sent[to]+1)) {
			sum.refused++
			if !l.refuses && !stops {
				return errors.New("a mailbox refused a message, although its actor had not stopped")
			}
			continue
		}
		sum.taken++
		sent[to]++
	}
	return nil
}

// stopSome stops some of the actors, and waits for them. Those take no message then.
func stopSome(rng *rand.Rand, refs []actors.Ref) error {
	for _, ref := range refs {
		if rng.IntN(2) == 0 {
			continue
		}
		ref.Stop()
		<-ref.Done()
		if ref.Tell(newLetter(0, 0)) {
			return errors.New("an actor took a message after it had stopped")
		}
	}
	return nil
}
