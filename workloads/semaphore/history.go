package semaphore

import (
	"context"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// histories has clients take one permit, waiting for it or not, and give it back. A try
// may fail although a permit is free, because others wait for it.
var histories = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "history", Turn: "history",
		About:  "short histories of acquisitions and releases; some order of the calls must explain each",
		Params: append([]harness.AnyParam{permitCount}, load.History...),
		Points: harness.Points{Stress: []harness.Grid{harness.Over(permitCount.In(1, 2), load.Clients.In(2, 3, 4))}},
	},
	Run: runHistories,
}

func runHistories(t *harness.Trial, newSemaphore sems.New) error {
	n := permitCount.Of(t)
	shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
	fresh := func() sems.Semaphore { return newSemaphore(n) }
	return history.Play(t, shape, models.Semaphore(n, false).Check, fresh, borrow)
}

// borrow takes a permit and gives it back.
func borrow(c *history.Client[models.Permits, bool], s sems.Semaphore) {
	took := c.Do(1, func() bool {
		if c.Rand.IntN(2) == 0 {
			return s.TryAcquire(1)
		}
		return s.Acquire(context.Background(), 1) == nil
	})
	if took {
		c.Do(-1, func() bool {
			s.Release(1)
			return true
		})
	}
}
