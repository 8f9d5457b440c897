package barrier

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/workloads/load"
)

// broken has one party arrive after the others. Before that, some of the others give up
// at once and so break the barrier. The waits of the rest are WaitContext or Wait.
var broken = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "broken", Turn: "round", About: "some parties give up at once, and all waits must fail",
		Params: []harness.AnyParam{parties},
		Needs:  []impls.Promise{impls.Cancellable}, Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(parties.In(2, 3, 8)), harness.Over(harness.Within(parties, 2, 400)),
		}},
	},
	Method: cancels,
	Run:    runBroken,
}

func runBroken(t *harness.Trial, newBarrier barriers.New) error {
	n := max(parties.Of(t), 2)
	return load.Rounds(t, func(rng *rand.Rand) error {
		b := newBarrier(n).(barriers.Canceller)
		ctx, cancel := ending(t.Context, rng)
		defer cancel()
		quitters := 1 + rng.IntN(min(n-1, 3))
		got := make([]error, n-1)
		var group sync.WaitGroup
		for id := range got {
			mine, plain := ctx, false
			if id >= quitters {
				mine, plain = context.Background(), rng.IntN(2) == 0
			}
			group.Go(func() { _, got[id] = wait(b, mine, id, plain) })
		}
		deadline, timed := ctx.Deadline()
		want := context.DeadlineExceeded
		if !timed {
			want = context.Canceled
			load.Pause(rng, time.Millisecond)
			cancel()
		}
		group.Wait()
		if left := time.Until(deadline); timed && left > 0 {
			return fmt.Errorf("a wait ended %v before the deadline of its context", left)
		}
		if err := gaveUp(got, quitters, want); err != nil {
			return err
		}
		if _, err := wait(b, context.Background(), n-1, rng.IntN(2) == 0); !errors.Is(err, barriers.ErrBroken) {
			return fmt.Errorf("a party that arrived at a broken barrier got the error %v", err)
		}
		return nil
	})
}

// wait calls WaitContext or, with plain, Wait. A panic of Wait with an error counts as
// that error.
func wait(b barriers.Canceller, ctx context.Context, id int, plain bool) (leader bool, err error) {
	if !plain {
		return b.WaitContext(ctx, id)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panicked: %v", p)
			if broken, ok := p.(error); ok {
				err = broken
			}
		}
	}()
	return b.Wait(id), nil
}

// gaveUp checks the errors of the parties of a phase that the first ones gave up: one of
// those gets the error of its context, and all others get ErrBroken.
func gaveUp(got []error, quitters int, want error) error {
	broke := 0
	for id, err := range got {
		switch {
		case errors.Is(err, barriers.ErrBroken):
		case id < quitters && errors.Is(err, want):
			broke++
		default:
			return fmt.Errorf("a party that waited at a broken barrier got the error %v", err)
		}
	}
	if broke != 1 {
		return fmt.Errorf("%d parties that gave up got the error of their context, want 1: %w", broke, want)
	}
	return nil
}

// ending returns a context that ended before, that ends at a deadline soon, or that
// cancel ends.
func ending(parent context.Context, rng *rand.Rand) (ctx context.Context, cancel func()) {
	switch rng.IntN(3) {
	case 0:
		return context.WithDeadline(parent, time.Now().Add(-time.Second))
	case 1:
		return context.WithTimeout(parent, time.Duration(rng.IntN(int(time.Millisecond))))
	}
	return context.WithCancel(parent)
}
