package semaphore

import (
	"context"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// histories has clients take permits, waiting for them or not, and give them back. A try
// may fail although enough permits are free, because others wait for them. So may an
// Acquire whose context ends.
var histories = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "history", Turn: "history",
		About:  "short histories of acquisitions and releases; some order of the calls must explain each",
		Params: append([]harness.AnyParam{permitCount}, load.History...),
		Points: harness.Points{Stress: []harness.Grid{harness.Over(permitCount.In(1, 2, 3), load.Clients.In(2, 3, 4))}},
	},
	Run: runHistories,
}

func runHistories(t *harness.Trial, newSemaphore sems.New) error {
	n := permitCount.Of(t)
	shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
	fresh := func() sems.Semaphore { return newSemaphore(n) }
	b := borrower{size: n, weighted: t.Promises(sems.Weighted), cancellable: t.Promises(impls.Cancellable)}
	return history.Play(t, shape, models.Semaphore(n, false).Check, fresh, b.borrow)
}

// A borrower makes the calls of a history.
type borrower struct {
	size                  int
	weighted, cancellable bool
}

// borrow takes permits and gives them back.
func (b borrower) borrow(c *history.Client[models.Permits, bool], s sems.Semaphore) {
	n := 1
	if b.weighted {
		n += c.Rand.IntN(b.size)
	}
	took := c.Do(models.Permits(n), func() bool {
		if c.Rand.IntN(2) == 0 {
			return s.TryAcquire(n)
		}
		ctx := context.Background()
		if b.cancellable && c.Rand.IntN(2) == 0 {
			limited, cancel := context.WithTimeout(ctx, time.Duration(c.Rand.IntN(int(load.ArrivalGap))))
			defer cancel()
			ctx = limited
		}
		return s.Acquire(ctx, n) == nil
	})
	if took {
		c.Do(models.Permits(-n), func() bool {
			s.Release(n)
			return true
		})
	}
}
