package semaphore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// cancelledHead cancels a heavy waiter at the head of the queue. The light one behind it
// fits, and must be served although nothing is released (golang/go#37852).
var cancelledHead = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "cancelled-head", Turn: "round of 2 waiters",
		About:  "a heavy waiter at the head of the queue is cancelled; the light one behind it fits",
		Needs:  []impls.Promise{sems.Weighted, impls.Cancellable},
		Probes: []impls.Promise{sems.Weighted, impls.Cancellable},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		return load.Rounds(t, func(*rand.Rand) error { return cancelHead(newSemaphore(2)) })
	},
}

// noticed is how long a waiter may take to notice that it is served.
const noticed = time.Second

// cancelHead plays one round.
func cancelHead(s sems.Semaphore) error {
	var group sync.WaitGroup
	s.TryAcquire(1)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	limited, stop := context.WithTimeout(context.Background(), noticed)
	defer stop()
	var heavy, light error
	load.QueueUp(&group, func() { heavy = s.Acquire(ctx, 2) })
	load.QueueUp(&group, func() { light = s.Acquire(limited, 1) })
	cancel()
	group.Wait()
	if !errors.Is(heavy, context.Canceled) {
		return fmt.Errorf("the heavy waiter was cancelled and returned %v", heavy)
	}
	if light != nil {
		return fmt.Errorf("the waiter behind a cancelled head was not served: %w", light)
	}
	return nil
}
