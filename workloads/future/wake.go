package future

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one waiter, which only one event can wake. A wake-up that is lost hangs the
// round. One that a timer replaces comes late.
var wake = harness.Workload[New]{
	Load: harness.Load{
		Name: "wake", Turn: "2 rounds",
		About:  "a decision or a cancellation is the only event that can wake the only waiter",
		Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		kinds := wakings
		if !t.Promises(impls.Cancellable) {
			kinds = kinds[:len(kinds)-1]
		}
		return checkWake(t, kinds, newPromise)
	},
}

// checkWake plays rounds of one kind for a window: if one kind in many went wrong, too few
// of all rounds would.
func checkWake(t *harness.Trial, kinds []waking, newPromise New) error {
	var kind *waking
	var failed error
	err := load.CheckWake(t, func(rng *rand.Rand, pause func()) time.Duration {
		if kind == nil {
			kind = &kinds[rng.IntN(len(kinds))]
		}
		wait, event := kind.set(newPromise())
		return load.WakeUpAfter(pause, func() { failed = errors.Join(failed, wait()) }, event)
	})
	if err = errors.Join(failed, err); err != nil {
		return fmt.Errorf("%s: %w", kind.event, err)
	}
	return nil
}

// A waking is a way to wake a waiter.
type waking struct {
	event string
	set   func(futures.Promise[Value]) (wait func() error, event func())
}

// wakings are the kinds of round. The last one is for promises that are cancellable.
var wakings = []waking{
	{"Resolve", func(p futures.Promise[Value]) (func() error, func()) {
		o := offer(0)
		return waitFor(p, o), func() { o.decide(p) }
	}},
	{"Reject", func(p futures.Promise[Value]) (func() error, func()) {
		o := offer(2)
		return waitFor(p, o), func() { o.decide(p) }
	}},
	{"Resolve of a promise with a callback", func(p futures.Promise[Value]) (func() error, func()) {
		o, called := offer(0), make(chan outcome, 1)
		p.Then(func(value Value, err error) { called <- outcome{value, err} })
		return func() error { return (<-called).want(o) }, func() { o.decide(p) }
	}},
	{"cancellation", func(p futures.Promise[Value]) (func() error, func()) {
		ctx, cancel := context.WithCancel(context.Background())
		return func() error {
			_, err := p.Get(ctx)
			return endedBy(ctx, err)
		}, cancel
	}},
}

// waitFor waits for an outcome.
func waitFor(f futures.Future[Value], want outcome) func() error {
	return func() error {
		var got outcome
		got.value, got.err = f.Get(context.Background())
		return got.want(want)
	}
}

// want returns an error unless an outcome is the one that is wanted.
func (o outcome) want(want outcome) error {
	if !o.same(want) {
		return fmt.Errorf("a waiter got %v, want %v", o, want)
	}
	return nil
}

// endedBy returns an error unless err, with which the Get of a pending promise returned, is
// that of its context, which has ended.
func endedBy(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return errors.New("a Get of a promise that was not decided returned a value")
	case ctx.Err() == nil:
		return fmt.Errorf("a Get ended before its context and before the decision: %w", err)
	case !errors.Is(err, ctx.Err()):
		return fmt.Errorf("a Get whose context ended returned %w, want the context's error %v", err, ctx.Err())
	}
	return nil
}
