package stack

import (
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/models"
)

// model compares a stack with a slice, call by call: with any room, at any depth, and
// with any words.
var model = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "model", Turn: "walk", About: "calls of one goroutine, compared with a slice: extreme words, any depth",
		Params: []harness.AnyParam{room, depth},
		Probes: []impls.Promise{impls.Bounded, impls.Unbounded}, Allocates: true,
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(harness.Within(room, 1, 100_000), harness.Within(depth, 1, 100_000))},
		},
	},
	Accepts: isStack[uint64],
	Run: func(t *harness.Trial, create stacks.New[uint64]) error {
		return walks(t, create, models.Word, func(a, b uint64) bool { return a == b })
	},
}

// values is model with values of an interface.
var values = harness.Workload[stacks.New[any]]{
	Load: harness.Load{
		Name: "values", Turn: "walk", About: "calls of one goroutine, compared with a slice: nil and other extreme values",
		Params: []harness.AnyParam{room, depth}, Allocates: true,
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(harness.Within(room, 1, 100), harness.Within(depth, 1, 1000))},
		},
	},
	Accepts: isStack[any],
	Run: func(t *harness.Trial, create stacks.New[any]) error {
		return walks(t, create, models.Value, models.Same)
	},
}

// isStack leaves out the control, which keeps nothing.
func isStack[T any](i impls.Impl[stacks.New[T]]) bool { return i.Role != impls.Noop }

var depth = harness.Param[int]{
	Key: "depth", About: "values that an unbounded stack holds at most, 1 to 1000000", Default: 10_000,
	Valid: harness.Between(1, 1_000_000),
}

// levels is how many random levels a walk goes to before it empties the stack.
const levels = 4

// walks is the body of the loads that compare a stack with a slice.
func walks[T any](
	t *harness.Trial, create stacks.New[T], draw func(*rand.Rand) T, same func(a, b T) bool,
) error {
	n, deepest := room.Of(t), depth.Of(t)
	least, most := n, models.NoPromise
	switch {
	case t.Promises(impls.Unbounded):
		least, most = models.NoPromise, 0
	case t.Promises(impls.Bounded):
		most = n
		deepest = n + 1
	}
	return t.Window(func(w *harness.Window) error {
		s := create(n)
		walk := &models.Walk[T]{Put: s.Push, Take: s.Pop, Draw: draw, Same: same, LIFO: true, Room: least, Most: most}
		w.Go("walker", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := wander(walk, w.Rand(), deepest); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

func wander[T any](walk *models.Walk[T], rng *rand.Rand, deepest int) error {
	for range levels {
		if err := walk.To(rng, rng.IntN(deepest+1)); err != nil {
			return err
		}
	}
	return walk.Drain()
}
