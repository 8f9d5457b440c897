package semaphore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// traces looks for what waits leave behind: goroutines, functions registered with a
// context that has not ended, and memory.
var traces = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "traces", Turn: "round of 1000 waits",
		About:  "waits that were served or cancelled leave no goroutine, no watcher of their context and no memory",
		Needs:  []impls.Promise{impls.Cancellable},
		Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		return load.Rounds(t, func(*rand.Rand) error {
			s := newSemaphore(1)
			return errors.Join(watchesEnd(s), memoryStays(s))
		})
	},
}

// crew is how many goroutines wait at a time.
const crew = 100

// waitTogether has a crew wait for the only permit. Half of it waits with a context that
// is cancelled, and the other half is served.
func waitTogether(patient context.Context, s sems.Semaphore) error {
	if err := exhaust(s, 1); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var impatient, all sync.WaitGroup
	errs := make([]error, crew)
	for i := range crew {
		if i%2 == 0 {
			impatient.Go(func() { errs[i] = endedBy(ctx, s.Acquire(ctx, 1)) })
			continue
		}
		all.Go(func() {
			if errs[i] = s.Acquire(patient, 1); errs[i] == nil {
				s.Release(1)
			}
		})
	}
	load.Gap()
	cancel()
	impatient.Wait()
	s.Release(1)
	all.Wait()
	return errors.Join(errs...)
}

// watchesEnd checks that served waits leave no goroutine, and none of their functions
// with a context that has not ended.
func watchesEnd(s sems.Semaphore) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	patient := load.NewWatched(ctx)
	before := runtime.NumGoroutine()
	if err := waitTogether(patient, s); err != nil {
		return err
	}
	var watchers, goroutines int
	for range looks {
		watchers, goroutines = patient.Watchers(), runtime.NumGoroutine()-before
		if watchers == 0 && goroutines < crew/4 {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	if watchers > 0 {
		return fmt.Errorf("%d waits that were served left %d functions with their context", crew/2, watchers)
	}
	return fmt.Errorf("%d waits that have ended left %d goroutines", crew, goroutines)
}

// memoryStays checks that waits do not leave an object each. The runtime keeps what it has
// allocated for goroutines, up to a number for each processor. So only what grows again
// and again counts.
func memoryStays(s sems.Semaphore) error {
	const batches, spans = 10, 4
	var grown uint64
	for range spans {
		before := load.Objects()
		for range batches {
			if err := waitTogether(context.Background(), s); err != nil {
				return err
			}
		}
		after := load.Objects()
		if after < before+batches*crew/4 {
			return nil
		}
		grown = after - before
	}
	return fmt.Errorf("each time, %d waits that have ended left about %d objects in memory", batches*crew, grown)
}
