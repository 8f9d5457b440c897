package actor

import (
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

// selfStop has an actor stop itself while others send. What it leaves in its mailbox are
// dead letters, and what comes later is refused.
var selfStop = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "self-stop", Turn: "life of an actor", About: "an actor stops itself while others send to it",
		Params: []harness.AnyParam{load.Goroutines, letters, dispatchers},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(
			harness.Within(load.Goroutines, 1, 60), harness.Within(letters, 1, 400), fewDispatchers)}},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		n, last := load.Goroutines.Of(t), letters.Of(t)
		gaps := t.Promises(actors.Drops)
		return load.Rounds(t, func(rng *rand.Rand) error {
			return stopItself(rng, create(dispatchers.Of(t)), n, last, gaps)
		})
	},
}

// stopItself plays one round. The actor stops itself at its message number last.
func stopItself(rng *rand.Rand, system actors.System, senders, last int, gaps bool) error {
	k := newWitness(senders)
	k.gaps = gaps
	var broken atomic.Bool
	ref := system.Spawn(props(1+rng.IntN(100), func(c actors.Context, m any) {
		k.see(m.(*letter))
		if k.handled == last {
			c.Stop()
			k.stopped = true
		}
		broken.Store(k.wrong != nil)
	}))
	sums, errs := make([]ledger, senders), make([]error, senders)
	var group sync.WaitGroup
	for s := range sums {
		group.Go(func() { errs[s] = sendUntilStopped(ref, s, &sums[s], &broken) })
	}
	group.Wait()
	system.Close()
	all := ledger{handled: k.handled}
	for _, s := range sums {
		all.taken += s.taken
		all.refused += s.refused
	}
	return errors.Join(errors.Join(errs...), k.wrong, differs("messages handled until the stop", k.handled, last),
		all.settle(system))
}

// sendUntilStopped sends until the actor is done, and then once more. An actor that has
// seen a violation may never be done.
func sendUntilStopped(ref actors.Ref, from int, sum *ledger, broken *atomic.Bool) error {
	for tries := 1; ; tries++ {
		// The actor has to run, too, or memory fills. Sleeps of a microsecond would slow it: on
		// one processor, many timers are always due, and an actor that yields comes after them.
		if tries%16 == 0 {
			runtime.Gosched()
		}
		var over bool
		select {
		case <-ref.Done():
			over = true
		default:
		}
		taken := ref.Tell(newLetter(from, sum.taken+1))
		switch {
		case taken && over:
			return errors.New("an actor took a message after it had stopped")
		case broken.Load(), over:
			return nil
		case taken:
			sum.taken++
		default:
			sum.refused++
		}
	}
}
