package async

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/contendbench/contend/harness"
	asyncs "github.com/contendbench/contend/impls/async"
	"github.com/contendbench/contend/workloads/load"
)

// storm cancels all that it starts, or lets it time out.
var storm = harness.Load{
	Name: "storm", Turn: "cancelled function", About: "functions sleep for an hour, and are cancelled or time out at once",
	Params:    []harness.AnyParam{load.Goroutines, timeout, workers},
	CurveAxis: load.Goroutines, Allocates: true,
	Points: harness.Points{
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 8, 64, 512), timeout.In(0, 100))},
		Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 100), timeout.In(0, 1, 20, 1000), workers.In(1, 2, 3)),
		},
	},
}

var timeout = harness.Param[int]{
	Key: "timeout-us", About: "time-out of each function, µs; 0: it is cancelled, 0 to 1000000", Default: 0,
	Valid: harness.Between(0, 1_000_000),
}

// forever is a program that sleeps for longer than any window.
var forever = &program{sleep: time.Hour}

func runStorm(t *harness.Trial, newExecutor start) error {
	limit := time.Duration(timeout.Of(t)) * time.Microsecond
	return t.Window(func(w *harness.Window) error {
		e := newExecutor(workers.Of(t))
		callers(w, e, load.Goroutines.Of(t), func() error {
			if limit > 0 {
				ctx, cancel := context.WithTimeout(context.Background(), limit)
				defer cancel()
				return endedBy(ctx, e.run(ctx, forever))
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			task := e.run(ctx, forever)
			runtime.Gosched() // so that it may sleep by then
			cancel()
			return endedBy(ctx, task)
		})
		return nil
	})
}

// endedBy waits for a task, and returns an error unless the context of its function has
// ended it.
func endedBy(ctx context.Context, task asyncs.Task[Value]) error {
	v, err := task.Await(context.Background())
	switch {
	case err == nil:
		return fmt.Errorf("a function that was to sleep until its context ended returned %d", v.Number)
	case ctx.Err() == nil:
		return fmt.Errorf("a function ended before its context: %w", err)
	case !errors.Is(err, ctx.Err()):
		return fmt.Errorf("a function whose context ended returned %w, want the context's error %v", err, ctx.Err())
	}
	return nil
}
