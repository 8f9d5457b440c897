package semaphore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one waiter, which only one event can wake: nothing else touches the semaphore.
// A wake-up that is lost hangs the round. One that a timer replaces comes late.
var wake = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "wake", Turn: "3 rounds",
		About:  "a release, a growth or a cancellation is the only event that can wake the only waiter",
		Params: []harness.AnyParam{event},
		Probes: []impls.Promise{impls.Cancellable, impls.Resizable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(event.In(eventNames()...))}},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		kind := wakings[slices.Index(eventNames(), event.Of(t))]
		if !kind.fits(t) {
			kind = wakings[0]
		}
		return load.CheckWake(t, kind.round(newSemaphore))
	},
}

// event is what wakes the waiter. Rounds of each are judged apart: if one event in many
// went wrong, too few of all rounds would.
var event = harness.Param[string]{
	Key: "event", Default: wakings[0].event, Valid: func(s string) bool { return slices.Contains(eventNames(), s) },
	About: "what wakes the waiter, a release where the semaphore lacks a promise for it: " +
		strings.Join(eventNames(), ", "),
}

func eventNames() []string {
	var names []string
	for _, k := range wakings {
		names = append(names, k.event)
	}
	return names
}

// longWait is wake with one long wait for each kind of event.
var longWait = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "long-wait", Turn: "round of each kind", About: "a waiter waits for its event for up to a second",
		Probes: []impls.Promise{impls.Cancellable, impls.Resizable},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		var rounds []load.WakeRound
		for _, kind := range wakings {
			if kind.fits(t) {
				rounds = append(rounds, kind.round(newSemaphore))
			}
		}
		return load.CheckLongWait(t, rounds...)
	},
}

// A waking is a way to wake a waiter.
type waking struct {
	event string
	needs []impls.Promise
	early bool // a semaphore without FIFO may serve the waiter before the event
	set   func(rng *rand.Rand, create sems.New) (wait func() error, event func())
}

func (k waking) fits(t *harness.Trial) bool {
	for _, p := range k.needs {
		if !t.Promises(p) {
			return false
		}
	}
	return true
}

// round returns rounds of the kind.
func (k waking) round(create sems.New) load.WakeRound {
	return func(rng *rand.Rand, pause func()) (took time.Duration, err error) {
		wait, event := k.set(rng, create)
		took = load.WakeUp(pause, func() { err = wait() }, event)
		if k.early {
			took = max(took, 0)
		}
		return took, err
	}
}

// exhausted makes a semaphore of which all permits are held.
func exhausted(create sems.New, size int) (sems.Semaphore, error) {
	s := create(size)
	return s, exhaust(s, size)
}

// exhaust takes all permits of a semaphore that is not in use.
func exhaust(s sems.Semaphore, size int) error {
	for i := range size {
		if !s.TryAcquire(1) {
			return fmt.Errorf("a TryAcquire failed while %d of %d permits were held and no other goroutine waited", i, size)
		}
	}
	return nil
}

// waitFor returns a wait for n permits, if the semaphore was set up.
func waitFor(s sems.Semaphore, n int, err error) func() error {
	return func() error { return errors.Join(err, s.Acquire(context.Background(), n)) }
}

var wakings = []waking{
	{event: "release", set: func(rng *rand.Rand, create sems.New) (func() error, func()) {
		s, err := exhausted(create, 1+rng.IntN(4))
		return waitFor(s, 1, err), func() { s.Release(1) }
	}},
	{
		event: "last-of-two-releases", needs: []impls.Promise{sems.Weighted},
		set: func(rng *rand.Rand, create sems.New) (func() error, func()) {
			size := 2 + rng.IntN(4)
			s, err := exhausted(create, size)
			s.Release(size - 1)
			return waitFor(s, size, err), func() { s.Release(1) }
		},
	},
	{
		event: "growth", needs: []impls.Promise{impls.Resizable},
		set: func(rng *rand.Rand, create sems.New) (func() error, func()) {
			size := 1 + rng.IntN(4)
			s, err := exhausted(create, size)
			return waitFor(s, 1, err), func() { s.(sems.Resizer).Resize(size + 1) }
		},
	},
	{
		event: "growth-to-the-weight", needs: []impls.Promise{impls.Resizable, sems.Weighted},
		set: func(rng *rand.Rand, create sems.New) (func() error, func()) {
			size := 1 + rng.IntN(4)
			s := create(size)
			return waitFor(s, size+1, nil), func() { s.(sems.Resizer).Resize(size + 1) }
		},
	},
	{
		event: "second-release-after-shrinking", needs: []impls.Promise{impls.Resizable},
		set: func(rng *rand.Rand, create sems.New) (func() error, func()) {
			size := 2 + rng.IntN(4)
			s, err := exhausted(create, size)
			s.(sems.Resizer).Resize(size - 1)
			s.Release(1)
			return waitFor(s, 1, err), func() { s.Release(1) }
		},
	},
	{
		event: "cancellation", needs: []impls.Promise{impls.Cancellable},
		set: func(rng *rand.Rand, create sems.New) (func() error, func()) {
			s, err := exhausted(create, 1+rng.IntN(4))
			ctx, cancel := context.WithCancel(context.Background())
			return func() error { return errors.Join(err, endedBy(ctx, s.Acquire(ctx, 1))) }, cancel
		},
	},
	{
		event: "cancellation-of-the-head", needs: []impls.Promise{impls.Cancellable, sems.Weighted}, early: true,
		set: func(rng *rand.Rand, create sems.New) (func() error, func()) {
			size := 2 + rng.IntN(4)
			s, err := exhausted(create, size)
			s.Release(1)
			ctx, cancel := context.WithCancel(context.Background())
			var group sync.WaitGroup
			var head error
			load.QueueUp(&group, func() { head = endedBy(ctx, s.Acquire(ctx, size)) })
			return func() error {
				err := errors.Join(err, s.Acquire(context.Background(), 1))
				cancel()
				group.Wait()
				return errors.Join(err, head)
			}, cancel
		},
	},
}

// endedBy returns an error unless err is that of a context that has ended.
func endedBy(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return errors.New("an Acquire took permits that were not free")
	case ctx.Err() == nil:
		return fmt.Errorf("an Acquire ended before its context: %w", err)
	}
	return sameError(ctx, err)
}
