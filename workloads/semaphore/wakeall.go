package semaphore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// wakeAll has many waiters, and one event that makes room for all of them. A semaphore
// that wakes only one leaves the others for the next release, and here there is none.
var wakeAll = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "wake-all", Turn: "round", About: "one release or growth makes room for all waiters, and nothing else does",
		Params: []harness.AnyParam{load.Goroutines},
		Probes: []impls.Promise{impls.Resizable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(load.Goroutines, 2, 1200))}},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		n := load.Goroutines.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error {
			grows := t.Promises(impls.Resizable) && rng.IntN(2) == 0
			return serveAll(rng, newSemaphore, n, grows)
		})
	},
}

// serveAll plays one round.
func serveAll(rng *rand.Rand, create sems.New, n int, grows bool) error {
	size := n
	if grows {
		size = 1
	}
	s, err := exhausted(create, size)
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	var started, served atomic.Int64
	errs := make([]error, n)
	for i := range n {
		group.Go(func() {
			started.Add(1)
			errs[i] = s.Acquire(context.Background(), 1)
			served.Add(1)
		})
	}
	for started.Load() < int64(n) {
		load.Gap()
	}
	load.Pause(rng, time.Millisecond)
	if got := served.Load(); got > 0 {
		return fmt.Errorf("%d of %d waiters went on while no permit was free", got, n)
	}
	if grows {
		size += n
		s.(sems.Resizer).Resize(size)
	} else {
		s.Release(n)
	}
	group.Wait()
	s.Release(size)
	return errors.Join(errors.Join(errs...), newLimit(size).settled(s, size))
}
