package actor

import (
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

var storms = size("spawns", "actors in a tree", 100)

// storm grows trees of actors from several goroutines at a time. Each actor hands on half
// of what is to be spawned. In half of the rounds, the roots are stopped while their trees
// grow. Whenever a root is done, so is its tree.
var storm = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "storm", Turn: "round", About: "trees of actors are spawned at the same time, and stop with their roots",
		Params: []harness.AnyParam{load.Goroutines, storms, dispatchers},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(
			harness.Within(load.Goroutines, 1, 20), harness.Within(storms, 1, 500), fewDispatchers)}},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		n, each := load.Goroutines.Of(t), storms.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error {
			return growTrees(rng, create(dispatchers.Of(t)), n, each)
		})
	},
}

// tree is the actors below a root.
type tree struct {
	spawned, grown atomic.Int64
	all            chan struct{} // closed when the tree has its size
	size           int64
	mu             sync.Mutex
	refs           []actors.Ref
}

// growTrees plays one round.
func growTrees(rng *rand.Rand, system actors.System, n, each int) error {
	early := rng.IntN(2) == 0
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range errs {
		own := rand.New(rand.NewPCG(rng.Uint64(), uint64(i)))
		group.Go(func() {
			t := &tree{all: make(chan struct{}), size: int64(each)}
			root := t.spawn(system.Spawn, each)
			if early {
				load.Pause(own, load.ArrivalGap)
			} else {
				<-t.all
			}
			root.Stop()
			<-root.Done()
			errs[i] = t.check(early)
		})
	}
	group.Wait()
	system.Close()
	return errors.Join(errs...)
}

// spawn spawns an actor that is to spawn the others of a tree of n.
func (t *tree) spawn(spawn func(actors.Props) actors.Ref, n int) actors.Ref {
	t.spawned.Add(1)
	ref := spawn(props(2, func(c actors.Context, _ any) {
		for left := n - 1; left > 0; {
			part := (left + 1) / 2
			t.spawn(c.Spawn, part)
			left -= part
		}
		if t.grown.Add(1) == t.size {
			close(t.all)
		}
	}))
	t.mu.Lock()
	t.refs = append(t.refs, ref)
	t.mu.Unlock()
	ref.Tell(starts{})
	return ref
}

// check checks a tree whose root is done.
func (t *tree) check(early bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ref := range t.refs {
		select {
		case <-ref.Done():
		default:
			return errors.New("a root was done before an actor of its tree")
		}
		if ref.Tell(starts{}) {
			return errors.New("an actor took a message after it had stopped with its root")
		}
	}
	if early {
		return nil
	}
	return errors.Join(differs("actors spawned", t.spawned.Load(), t.size),
		differs("actors that ran", t.grown.Load(), t.size))
}
