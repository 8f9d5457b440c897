package semaphore

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// order queues a heavy waiter up before a light one. When one permit comes back, a
// semaphore that promises FIFO keeps it for the heavy one.
var order = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "order", Turn: "round of 2 waiters",
		About: "a heavy waiter queues up before a light one; FIFO serves it first",
		Needs: []impls.Promise{impls.FIFO, sems.Weighted}, Probes: []impls.Promise{impls.FIFO},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		return load.CheckOrder(t, func() bool { return heavyFirst(newSemaphore(2)) },
			"not first in, first out: the light waiter overtook the heavy one")
	},
}

// heavyFirst reports whether the heavy waiter, which came first, was served first.
func heavyFirst(s sems.Semaphore) bool {
	var first atomic.Int64
	var group sync.WaitGroup
	s.TryAcquire(1)
	s.TryAcquire(1)
	for _, n := range []int{2, 1} {
		load.QueueUp(&group, func() {
			if s.Acquire(context.Background(), n) == nil {
				first.CompareAndSwap(0, int64(n))
				s.Release(n)
			}
		})
	}
	s.Release(1)
	time.Sleep(load.ArrivalGap)
	s.Release(1)
	group.Wait()
	return first.Load() == 2
}
