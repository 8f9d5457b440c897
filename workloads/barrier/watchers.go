package barrier

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/workloads/load"
)

// watchers waits many times under one context that outlives all waits. A wait leaves
// nothing behind: no goroutine, and no function that the context would call.
var watchers = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "watchers", Turn: "100 phases", About: "waits leave nothing behind that watches their context",
		Needs: []impls.Promise{impls.Cancellable}, Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: load.Once},
	},
	Method: cancels,
	Run: func(t *harness.Trial, newBarrier barriers.New) error {
		return load.Rounds(t, func(*rand.Rand) error { return leavesNothing(newBarrier(2).(barriers.Canceller)) })
	},
}

const (
	watchedPhases = 100
	// clearing is how long goroutines may take to end after their last wait.
	clearing = time.Second
)

// leavesNothing takes two parties through phases under one context, and looks what is
// left when they have ended.
func leavesNothing(b barriers.Canceller) error {
	inner, cancel := context.WithCancel(context.Background())
	defer cancel()
	ctx := &watched{Context: inner}
	before := runtime.NumGoroutine()
	first := new(firstError)
	var group sync.WaitGroup
	for id := range 2 {
		group.Go(func() {
			for range watchedPhases {
				if _, err := b.WaitContext(ctx, id); err != nil {
					first.Fail(fmt.Errorf("a wait got an error: %w", err))
					return
				}
			}
		})
	}
	group.Wait()
	if first.err != nil {
		return first.err
	}
	for start := time.Now(); ; runtime.Gosched() {
		functions, goroutines := ctx.functions.Load(), runtime.NumGoroutine()-before
		if functions == 0 && goroutines < watchedPhases {
			return nil
		}
		if time.Since(start) > clearing {
			return fmt.Errorf("%d waits have ended, and left %d functions and %d goroutines that watch their context",
				2*watchedPhases, functions, max(goroutines, 0))
		}
	}
}

// watched is a context that counts the functions which it would call at its end.
type watched struct {
	context.Context
	functions atomic.Int64
}

// AfterFunc is what package context calls to watch a context of a foreign type.
func (c *watched) AfterFunc(f func()) (stop func() bool) {
	c.functions.Add(1)
	inner := context.AfterFunc(c.Context, f)
	return func() bool {
		stopped := inner()
		if stopped {
			c.functions.Add(-1)
		}
		return stopped
	}
}

// Value hides the inner context, which package context would watch itself.
func (c *watched) Value(any) any { return nil }
