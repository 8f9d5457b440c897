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
		Name: "wake", Turn: "3 rounds",
		About:  "a decision or a cancellation is the only event that can wake the only waiter",
		Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		var kinds []load.Waking
		for _, k := range wakings {
			if k.needs == (impls.Promise{}) || t.Promises(k.needs) {
				kinds = append(kinds, load.Waking{Event: k.event, Round: k.round(newPromise)})
			}
		}
		return load.CheckWakings(t, kinds)
	},
}

// A waking is a way to wake a waiter.
type waking struct {
	event string
	needs impls.Promise // zero: none
	set   func(futures.Promise[Value]) (wait func() error, event func())
}

func (k waking) round(newPromise New) load.WakeRound {
	return func(_ *rand.Rand, pause func()) (took time.Duration, err error) {
		wait, event := k.set(newPromise())
		took = load.WakeUp(pause, func() { err = wait() }, event)
		return took, err
	}
}

var wakings = []waking{
	{event: "Resolve", set: func(p futures.Promise[Value]) (func() error, func()) {
		o := offer(0)
		return waitFor(p, o), func() { o.decide(p) }
	}},
	{event: "Reject", set: func(p futures.Promise[Value]) (func() error, func()) {
		o := offer(2)
		return waitFor(p, o), func() { o.decide(p) }
	}},
	{event: "Resolve of a promise with a callback", set: func(p futures.Promise[Value]) (func() error, func()) {
		o, called := offer(0), make(chan outcome, 1)
		p.Then(func(value Value, err error) { called <- outcome{value, err} })
		return func() error { return (<-called).want(o) }, func() { o.decide(p) }
	}},
	{event: "cancellation", needs: impls.Cancellable, set: func(p futures.Promise[Value]) (func() error, func()) {
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
