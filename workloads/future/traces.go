package future

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
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// traces looks for what waits leave behind: goroutines, functions registered with a
// context that has not ended, and memory.
var traces = harness.Workload[New]{
	Load: harness.Load{
		Name: "traces", Turn: "round of 1000 waits",
		About:  "waits that were served or cancelled leave no goroutine, no watcher of their context and no memory",
		Needs:  []impls.Promise{impls.Cancellable},
		Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		return load.Rounds(t, func(*rand.Rand) error {
			return errors.Join(watchesEnd(newPromise()), memoryStays(newPromise()))
		})
	},
}

// crew is how many goroutines wait at a time.
const crew = 100

// waitTogether starts a crew that waits for a promise. It sends what each Get returned.
func waitTogether(ctx context.Context, p futures.Promise[Value]) <-chan error {
	var started sync.WaitGroup
	returned := make(chan error, crew)
	for range crew {
		started.Add(1)
		go func() {
			started.Done()
			_, err := p.Get(ctx)
			returned <- err
		}()
	}
	started.Wait()
	time.Sleep(load.ArrivalGap)
	return returned
}

// cancelTogether has a crew wait for a promise that is not decided, and cancels it.
func cancelTogether(p futures.Promise[Value]) error {
	ctx, cancel := context.WithCancel(context.Background())
	returned := waitTogether(ctx, p)
	cancel()
	for range crew {
		if err := endedBy(ctx, <-returned); err != nil {
			return err
		}
	}
	return nil
}

// watchesEnd checks that waits leave no goroutine, and none of their functions with a
// context that has not ended. Half of the waits are cancelled, and half are served.
func watchesEnd(p futures.Promise[Value]) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	patient := load.NewWatched(ctx)
	before := runtime.NumGoroutine()
	served := waitTogether(patient, p)
	if err := cancelTogether(p); err != nil {
		return err
	}
	p.Resolve(Value{})
	for range crew {
		if err := <-served; err != nil {
			return err
		}
	}
	var goroutines int
	if soon(func() bool {
		goroutines = runtime.NumGoroutine() - before
		return patient.Watchers() == 0 && goroutines < crew/4
	}) {
		return nil
	}
	if watchers := patient.Watchers(); watchers > 0 {
		return fmt.Errorf("%d waits that were served left %d functions with their context", crew, watchers)
	}
	return fmt.Errorf("%d waits that have ended left %d goroutines", 2*crew, goroutines)
}

// memoryStays checks that cancelled waits do not leave an object each with a promise that
// is not decided. The runtime keeps what it has allocated for goroutines, up to a number
// for each processor. So only what grows again and again counts.
func memoryStays(p futures.Promise[Value]) error {
	const batches, spans = 10, 4
	var grown uint64
	for range spans {
		before := load.Objects()
		for range batches {
			if err := cancelTogether(p); err != nil {
				return err
			}
		}
		after := load.Objects()
		if after < before+batches*crew/4 {
			runtime.KeepAlive(p)
			return nil
		}
		grown = after - before
	}
	runtime.KeepAlive(p)
	return fmt.Errorf("each time, %d waits that were cancelled left about %d objects in memory", batches*crew, grown)
}
