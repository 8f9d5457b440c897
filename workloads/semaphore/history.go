package semaphore

import (
	"context"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// recorded lets clients take one permit, waiting for it or not, and give it back. A try may be refused though a permit is
// free, because others wait for it.
func recorded(t *harness.Trial, newSemaphore sems.New) error {
	n := permitCount.Of(t)
	fresh := func() sems.Semaphore { return newSemaphore(n) }
	model := models.Semaphore(n, false)
	return history.Play(t, model, fresh, load.Clients.Of(t), load.Calls.Of(t), func(c *history.Client[models.Permits, bool], s sems.Semaphore) {
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
	})
}
