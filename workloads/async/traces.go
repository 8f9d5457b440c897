package async

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"

	"github.com/contendbench/contend/harness"
	asyncs "github.com/contendbench/contend/impls/async"
	"github.com/contendbench/contend/workloads/load"
)

// traces looks for what functions and waits that were cancelled leave behind while the
// executor lives, and after its Close: goroutines, functions registered with a context
// that has not ended, and memory.
var traces = harness.Load{
	Name: "traces", Turn: "round of 1000 functions",
	About:  "functions and awaits that were cancelled leave no goroutine, no watcher of a context and no memory",
	Params: []harness.AnyParam{workers},
	Points: harness.Points{Stress: []harness.Grid{harness.Over(workers.In(1, 2))}},
}

func runTraces(t *harness.Trial, newExecutor start) error {
	return load.Rounds(t, func(*rand.Rand) error {
		before := runtime.NumGoroutine()
		e := newExecutor(workers.Of(t))
		ctx, cancel := context.WithCancel(context.Background())
		awaited := e.run(ctx, forever)
		err := watchesEnd(e)
		if err == nil {
			err = memoryStays(e, awaited)
		}
		cancel()
		if err != nil {
			return err
		}
		if err := endedBy(ctx, awaited); err != nil {
			return err
		}
		e.close()
		return goroutinesEnd(before, "after Close")
	})
}

// crew is how many functions run at a time.
const crew = 100

// goroutinesEnd returns an error unless about as many goroutines are left as there were.
func goroutinesEnd(before int, when string) error {
	if soon(func() bool { return runtime.NumGoroutine()-before < crew/4 }) {
		return nil
	}
	return fmt.Errorf("%d goroutines are left %s", runtime.NumGoroutine()-before, when)
}

// cancelTogether starts a crew of functions that sleep and of Awaits from outside, and
// cancels all.
func cancelTogether(e executor, awaited asyncs.Task[Value]) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var tasks []asyncs.Task[Value]
	for i := range crew {
		tasks = append(tasks, e.run(ctx, waiting[i%len(waiting)]))
	}
	runtime.Gosched()
	cancel()
	for _, task := range tasks {
		if err := endedBy(ctx, task); err != nil {
			return err
		}
		if _, err := awaited.Await(ctx); err == nil {
			return errors.New("an Await of a function that sleeps returned no error")
		}
	}
	return nil
}

// watchesEnd checks that functions that have slept leave nothing with their context, which
// has not ended.
func watchesEnd(e executor) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	watched, p := load.NewWatched(ctx), repeated(&program{sleep: 1}, 3, false)
	want, before := p.forecast(), runtime.NumGoroutine()
	var tasks []asyncs.Task[Value]
	for range crew {
		tasks = append(tasks, e.run(watched, p))
	}
	for _, task := range tasks {
		if err := want.check(task.Await(context.Background())); err != nil {
			return err
		}
	}
	if !soon(func() bool { return watched.Watchers() < crew/4 }) {
		return fmt.Errorf("%d functions that have ended left %d functions with their context", 4*crew, watched.Watchers())
	}
	return goroutinesEnd(before, "of functions that have ended")
}

// memoryStays checks that cancelled functions and Awaits do not leave an object or a
// goroutine each. Only what grows again and again counts: the runtime keeps what it has
// allocated for goroutines.
func memoryStays(e executor, awaited asyncs.Task[Value]) error {
	const batches, spans = 10, 4
	before := runtime.NumGoroutine()
	var grown uint64
	for range spans {
		objects := load.Objects()
		for range batches {
			if err := cancelTogether(e, awaited); err != nil {
				return err
			}
		}
		if err := goroutinesEnd(before, "of functions that were cancelled"); err != nil {
			return err
		}
		after := load.Objects()
		if after < objects+batches*crew/4 {
			return nil
		}
		grown = after - objects
	}
	return fmt.Errorf("each time, %d functions that were cancelled left about %d objects in memory", batches*crew, grown)
}
