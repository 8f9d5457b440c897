package stack

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// histories plays short histories of linearizable stacks. There is room for all values,
// so a push must succeed. An unbounded stack gets little room, which it must not heed.
var histories = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "history", Turn: "history", About: "short histories; some order of the calls must explain each",
		Params: load.History,
		Needs:  []impls.Promise{impls.Linearizable},
		Probes: []impls.Promise{impls.Linearizable, impls.Unbounded},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}},
	},
	Run: func(t *harness.Trial, create stacks.New[uint64]) error {
		room := load.Clients.Of(t) * load.Calls.Of(t)
		if t.Promises(impls.Unbounded) {
			room = little
		}
		return play(t, create, room, 0)
	},
}

// little is the capacity of a stack that is often full.
const little = 2

// play records histories of stacks that are created with some room. limit is how many
// values they may hold; 0 is no limit.
func play(t *harness.Trial, create stacks.New[uint64], room, limit int) error {
	model := models.Stack(limit, t.Promises(impls.Linearizable))
	fresh := func() stacks.Stack[uint64] { return create(room) }
	shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
	return history.Play(t, shape, model.Check, fresh, turn)
}

func turn(c *history.Client[models.Put, models.Result], s stacks.Stack[uint64]) {
	if c.Rand.IntN(2) == 0 {
		value := c.Rand.Uint64N(1 << 32)
		c.Do(models.Put{In: true, Value: int(value)}, func() models.Result { return models.Result{OK: s.Push(value)} })
		return
	}
	c.Do(models.Put{}, func() models.Result {
		value, ok := s.Pop()
		return models.Result{Value: int(value), OK: ok}
	})
}
