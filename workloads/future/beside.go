package future

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// beside cancels some waits just as the promise is decided. A wait that is cancelled must
// not take the wake-up or the outcome of another one with it.
var beside = harness.Workload[New]{
	Load: harness.Load{
		Name: "beside", Turn: "life of a promise",
		About:  "some waits are cancelled just as the promise is decided, for which others wait",
		Params: []harness.AnyParam{load.Goroutines},
		Needs:  []impls.Promise{impls.Cancellable}, Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(load.Goroutines, 2, 100))}},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		n := load.Goroutines.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error { return cancelBeside(rng, newPromise(), n) })
	},
}

// cancelBeside has n goroutines wait. Every second one is cancelled.
func cancelBeside(rng *rand.Rand, p futures.Promise[Value], n int) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var group sync.WaitGroup
	want, returned, errs := offer(rng.IntN(3)), make(chan error, 1), make([]error, n)
	for i := range n {
		mine := ctx
		if i%2 == 1 {
			mine = context.Background()
		}
		group.Go(func() {
			var got outcome
			got.value, got.err = p.Get(mine)
			if i%2 == 0 && errors.Is(got.err, context.Canceled) {
				errs[i] = endedBy(ctx, got.err)
				return
			}
			errs[i] = got.want(want)
		})
	}
	load.Pause(rng, 200*time.Microsecond)
	together(rng, cancel, func() { want.decide(p) })
	go func() {
		group.Wait()
		returned <- errors.Join(errs...)
	}()
	err, ok := inTime(returned)
	if !ok {
		return errors.New("a waiter did not return after the decision and the cancellation of other waits")
	}
	var afterwards outcome
	afterwards.value, afterwards.err = p.Get(ctx)
	return errors.Join(err, afterwards.want(want))
}

// together makes two calls: one after the other, or at the same time.
func together(rng *rand.Rand, a, b func()) {
	switch rng.IntN(4) {
	case 0:
		a()
		b()
	case 1:
		b()
		a()
	default:
		var group sync.WaitGroup
		group.Go(a)
		load.Pause(rng, 20*time.Microsecond)
		b()
		group.Wait()
	}
}
