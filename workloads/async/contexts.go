package async

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// contexts checks when functions and awaits end: at once if their context ended before the
// call, not before it ends, and not by the end of another's.
var contexts = harness.Load{
	Name: "contexts", Turn: "life of an executor",
	About:  "contexts that end before the call, during it, at a deadline, or just as a sleep is over",
	Params: []harness.AnyParam{workers},
	Points: harness.Points{Stress: []harness.Grid{harness.Over(workers.In(1, 2, 3))}},
}

func runContexts(t *harness.Trial, newExecutor start) error {
	return load.Rounds(t, func(rng *rand.Rand) error {
		r, e := endings[rng.IntN(len(endings))], newExecutor(workers.Of(t))
		if err := r.play(rng, e); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		e.close()
		return nil
	})
}

// endings are the kinds of round. Each ends with all functions ended.
var endings = []struct {
	name string
	play func(*rand.Rand, executor) error
}{
	{"a context that ended before the call", endedBefore},
	{"a context with a deadline", endsAtDeadline},
	{"the end of another function's context", endOfAnother},
	{"the end of an Await's context", endOfAwait},
	{"a context that ends just as a sleep is over", endsBesideSleep},
}

// waiting are programs that wait until their context ends.
var waiting = []*program{
	forever,
	{children: []*program{forever}},
	{children: []*program{forever, leaf, forever}, together: true},
	{children: []*program{leaf, {children: []*program{leaf, forever}, together: true}}},
}

func endedBefore(rng *rand.Rand, e executor) error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return endedBy(ctx, e.run(ctx, waiting[rng.IntN(len(waiting))]))
}

func endsAtDeadline(rng *rand.Rand, e executor) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rng.IntN(int(2*time.Millisecond))))
	defer cancel()
	return endedBy(ctx, e.run(ctx, waiting[rng.IntN(len(waiting))]))
}

// endOfAnother ends the contexts of two functions one after the other.
func endOfAnother(rng *rand.Rand, e executor) error {
	parent, stop := context.WithCancel(context.Background())
	defer stop()
	first, cancel := context.WithCancel(context.Background())
	defer cancel()
	other := load.NewWatched(parent)
	task, otherTask := e.run(first, waiting[rng.IntN(len(waiting))]), e.run(other, waiting[rng.IntN(len(waiting))])
	load.Pause(rng, time.Millisecond)
	cancel()
	if err := endedBy(first, task); err != nil {
		return err
	}
	limited, done := context.WithTimeout(context.Background(), time.Duration(rng.IntN(int(time.Millisecond))))
	defer done()
	if v, err := otherTask.Await(limited); !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("a function whose context had not ended returned %d, error %v", v.Number, err)
	}
	stop()
	return endedBy(other, otherTask)
}

// endOfAwait ends the context of an Await. The function continues.
func endOfAwait(rng *rand.Rand, e executor) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p := &program{sleep: shortTime(rng), children: []*program{leaf}}
	task := e.run(context.Background(), p)
	if rng.IntN(2) == 0 {
		cancel()
	} else {
		time.AfterFunc(shortTime(rng), cancel)
	}
	if v, err := task.Await(ctx); !errors.Is(err, context.Canceled) {
		if err := p.forecast().check(v, err); err != nil {
			return err
		}
	}
	return p.forecast().check(task.Await(context.Background()))
}

// endsBesideSleep ends the context of functions about when their time has come, and has
// the executor run others until well after that.
func endsBesideSleep(rng *rand.Rand, e executor) error {
	const longest = 2 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p := &program{sleep: 1 + time.Duration(rng.IntN(int(longest))), children: []*program{leaf}}
	task := e.run(ctx, p)
	load.Pause(rng, longest)
	cancel()
	if v, err := task.Await(context.Background()); !errors.Is(err, context.Canceled) {
		if err := p.forecast().check(v, err); err != nil {
			return err
		}
	}
	after := repeated(&program{sleep: longest}, 2, false)
	return e.await(after, after.forecast())
}
