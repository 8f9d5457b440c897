package stack

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// little is the room of a bounded stack in a history where it matters.
const little = 2

func strictHistory(t *harness.Trial, create stacks.New[uint64]) error {
	return play(t, create, load.Clients.Of(t)*load.Calls.Of(t), true)
}

func tightHistory(t *harness.Trial, create stacks.New[uint64]) error {
	return play(t, create, little, false)
}

func play(t *harness.Trial, create stacks.New[uint64], room int, strict bool) error {
	fresh := func() stacks.Stack[uint64] { return create(room) }
	return history.Play(t, models.Stack(room, strict), fresh, load.Clients.Of(t), load.Calls.Of(t), turn)
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
