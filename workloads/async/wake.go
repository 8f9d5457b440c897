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

// wake has one waiter, which only one event can wake. A wake-up that is lost hangs the
// round. One that a timer replaces comes late.
var wake = harness.Load{
	Name: "wake", Turn: "3 rounds",
	About:  "the end of a task, the end of a context or a start is the only event that can wake the only waiter",
	Params: []harness.AnyParam{workers},
	Points: harness.Points{Stress: []harness.Grid{harness.Over(workers.In(1, 2))}},
}

func runWake(t *harness.Trial, newExecutor start) error {
	var kinds []load.Waking
	for _, k := range wakings {
		kinds = append(kinds, load.Waking{
			Event: k.event,
			Round: func(_ *rand.Rand, pause func()) (took time.Duration, err error) {
				e := newExecutor(workers.Of(t))
				defer e.close()
				wait, event := k.set(e)
				took = load.WakeUp(pause, func() { err = wait() }, event)
				return took, err
			},
		})
	}
	return load.CheckWakings(t, kinds)
}

// A waking is a way to wake a waiter.
type waking struct {
	event string
	set   func(executor) (wait func() error, event func())
}

// wakings are the kinds of round. A function sleeps until its context ends, and is what
// others wait for.
var wakings = []waking{
	{"end of a task", func(e executor) (func() error, func()) {
		ctx, cancel := context.WithCancel(context.Background())
		task := e.run(ctx, forever)
		return func() error { return endedBy(ctx, task) }, cancel
	}},
	{"end of a function that another one awaits", func(e executor) (func() error, func()) {
		ctx, cancel := context.WithCancel(context.Background())
		task := e.run(ctx, &program{children: []*program{{children: []*program{forever}}}})
		return func() error { return endedBy(ctx, task) }, cancel
	}},
	{"end of functions that another one gathers", func(e executor) (func() error, func()) {
		ctx, cancel := context.WithCancel(context.Background())
		task := e.run(ctx, &program{children: []*program{forever, forever}, together: true})
		return func() error { return endedBy(ctx, task) }, cancel
	}},
	{"end of the context of an Await from outside", func(e executor) (func() error, func()) {
		inner, end := context.WithCancel(context.Background())
		ctx, cancel := context.WithCancel(context.Background())
		task := e.run(inner, forever)
		return func() error {
			_, err := task.Await(ctx)
			end()
			if !errors.Is(err, context.Canceled) {
				return fmt.Errorf("an Await whose context ended returned %v, want the context's error", err)
			}
			return endedBy(inner, task)
		}, cancel
	}},
	{"start of a function", func(e executor) (func() error, func()) {
		runs := make(chan struct{})
		return func() error { <-runs; return nil }, func() {
			e.run(context.Background(), &program{visit: func() { close(runs) }})
		}
	}},
}
