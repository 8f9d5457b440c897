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

// broken has one party arrive after the others. Before that, one of the others gives up
// and so breaks the barrier.
var broken = harness.Workload[barriers.New]{
	Load: harness.Load{
		Name: "broken", Turn: "round", About: "one of the parties gives up, and the waits of all others must fail",
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
		got := make([]error, n-1)
		var group sync.WaitGroup
		group.Go(func() { _, got[0] = b.WaitContext(ctx, 0) })
		for id := 1; id < len(got); id++ {
			group.Go(func() { _, got[id] = b.WaitContext(context.Background(), id) })
		}
		deadline, timed := ctx.Deadline()
		want := context.DeadlineExceeded
		if !timed {
			want = context.Canceled
			cancel()
		}
		group.Wait()
		if left := time.Until(deadline); timed && left > 0 {
			return fmt.Errorf("a wait ended %v before the deadline of its context", left)
		}
		if !errors.Is(got[0], want) {
			return fmt.Errorf("the party that gave up got the error %v, want %w", got[0], want)
		}
		for _, err := range got[1:] {
			if !errors.Is(err, barriers.ErrBroken) {
				return fmt.Errorf("a party that waited at a broken barrier got the error %v", err)
			}
		}
		if _, err := b.WaitContext(context.Background(), n-1); !errors.Is(err, barriers.ErrBroken) {
			return fmt.Errorf("a party that arrived at a broken barrier got the error %v", err)
		}
		return nil
	})
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
