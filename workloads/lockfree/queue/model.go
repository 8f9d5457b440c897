package queue

import (
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cpu"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/models"
)

// model compares a queue with a slice, call by call: at any capacity and depth, with any
// words, and for many times round a ring.
var model = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "model", Turn: "walk", About: "calls of one goroutine, compared with a slice: extreme words, any depth",
		Params: []harness.AnyParam{capacity, depth},
		Probes: []impls.Promise{impls.Bounded, impls.Unbounded}, Allocates: true,
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(harness.Within(capacity, 1, 70_000), harness.Within(depth, 1, 70_000))},
		},
	},
	Accepts: isQueue[uint64],
	Run: func(t *harness.Trial, create queues.New[uint64]) error {
		return walks(t, create, models.Word, func(a, b uint64) bool { return a == b })
	},
}

// values is model with values of an interface.
var values = harness.Workload[queues.New[any]]{
	Load: harness.Load{
		Name: "values", Turn: "walk", About: "calls of one goroutine, compared with a slice: nil and other extreme values",
		Params: []harness.AnyParam{capacity, depth}, Allocates: true,
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(harness.Within(capacity, 1, 100), harness.Within(depth, 1, 1000))},
		},
	},
	Accepts: isQueue[any],
	Run: func(t *harness.Trial, create queues.New[any]) error {
		return walks(t, create, models.Value, models.Same)
	},
}

// isQueue leaves out the control, which loses values.
func isQueue[T any](i impls.Impl[queues.New[T]]) bool { return i.Role != impls.Noop }

var depth = harness.Param[int]{
	Key: "depth", About: "values that an unbounded queue holds at most, 1 to 1048576", Default: 10_000,
	Valid: harness.Between(1, 1<<20),
}

// rounded is the room of a queue that rounds its capacity up to a power of two.
func rounded(capacity int) int { return cpu.PowerOfTwo(max(capacity, 2)) }

// levels is how many random levels a walk goes to before it empties the queue.
const levels = 4

// walks is the body of the loads that compare a queue with a slice.
func walks[T any](
	t *harness.Trial, create queues.New[T], draw func(*rand.Rand) T, same func(a, b T) bool,
) error {
	n, deepest := capacity.Of(t), depth.Of(t)
	room, most := n, models.NoPromise
	switch {
	case t.Promises(impls.Unbounded):
		room, most = models.NoPromise, 0
	case t.Promises(queues.Waits):
		deepest = n
	case t.Promises(impls.Bounded):
		most = rounded(n)
		deepest = most + 1
	}
	return t.Window(func(w *harness.Window) error {
		q := create(n)
		walk := &models.Walk[T]{
			Put: q.Enqueue, Take: q.Dequeue, Draw: draw, Same: same,
			Room: room, Most: most, Waits: t.Promises(queues.Waits),
		}
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
