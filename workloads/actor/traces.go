package actor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

// traces looks for what systems and actors leave behind: goroutines after Close, and
// memory of actors that have stopped.
var traces = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "traces", Turn: "round of systems and actors",
		About:  "systems that are closed leave no goroutine, and actors that have stopped leave no memory",
		Params: []harness.AnyParam{dispatchers},
		Probes: []impls.Promise{actors.Asks, actors.Forgets},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(fewDispatchers)}},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		asks := t.Promises(actors.Asks)
		return load.Rounds(t, func(*rand.Rand) error {
			err := goroutinesEnd(func() { useSystem(create(dispatchers.Of(t)), asks) })
			if !t.Promises(actors.Forgets) {
				return err
			}
			return errors.Join(err, memoryStays(create(dispatchers.Of(t)), asks))
		})
	},
}

const (
	// generation is how many actors live at a time.
	generation = 100
	// looks is how many milliseconds a goroutine may take to end.
	looks = 250
)

// goroutinesEnd checks that a use of a system leaves no goroutine. Those that are about to
// end may still be counted.
func goroutinesEnd(use func()) error {
	before := runtime.NumGoroutine()
	use()
	left := 0
	for range looks {
		if left = runtime.NumGoroutine() - before; left <= 0 {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return fmt.Errorf("a system that is closed left %d goroutines", left)
}

// useSystem has a generation of actors work, and closes the system.
func useSystem(system actors.System, asks bool) {
	live(system, asks)
	for range generation { // these are stopped by Close
		system.Spawn(props(1, func(actors.Context, any) {})).Tell(starts{})
	}
	system.Close()
}

// live takes a generation of actors through their lives: a message, a question that ends
// too soon, a child.
func live(system actors.System, asks bool) {
	refs := make([]actors.Ref, generation)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for i := range refs {
		refs[i] = system.Spawn(props(4, func(c actors.Context, m any) {
			c.Spawn(props(1, func(actors.Context, any) {})).Tell(m)
		}))
		refs[i].Tell(starts{})
		if asks {
			_, _ = refs[i].Ask(ended, starts{}) // whether it was asked in time does not matter here
		}
	}
	for _, ref := range refs {
		ref.Stop()
	}
	for _, ref := range refs {
		<-ref.Done()
	}
}

// memoryStays checks that actors that have stopped do not leave an object each. The
// runtime and pools keep some of what they have had. So only what grows again and again
// counts.
func memoryStays(system actors.System, asks bool) error {
	const batches, spans = 5, 4
	defer system.Close()
	var grown uint64
	for range spans {
		before := objects()
		for range batches {
			live(system, asks)
		}
		after := objects()
		if after < before+batches*generation/4 {
			return nil
		}
		grown = after - before
	}
	return fmt.Errorf("each time, %d actors that have stopped left about %d objects in memory",
		batches*generation, grown)
}

// objects returns the number of reachable objects on the heap.
func objects() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what pools still had
	runtime.ReadMemStats(&m)
	return m.HeapObjects
}
