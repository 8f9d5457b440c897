package future

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// order adds callbacks before, during and after the decision. They must be called in the
// order in which they were added.
var order = harness.Workload[New]{
	Load: harness.Load{
		Name: "order", Turn: "life of a promise",
		About:  "callbacks that one goroutine adds, before, during and after the decision, are called in that order",
		Params: []harness.AnyParam{callers},
		Needs:  []impls.Promise{futures.InOrder}, Probes: []impls.Promise{futures.InOrder},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(callers, 2, 400))}},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		n := callers.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error { return addInOrder(rng, newPromise(), n) })
	},
}

// addInOrder adds n callbacks, while another goroutine decides after some of them.
func addInOrder(rng *rand.Rand, p futures.Promise[Value], n int) error {
	var group sync.WaitGroup
	var added, left atomic.Int64
	left.Store(int64(n))
	early, decision := int64(rng.IntN(n)), offer(rng.IntN(3))
	decide := func() { decision.decide(p) }
	beside := rng.IntN(2) == 0
	if beside {
		group.Go(func() {
			for added.Load() < early {
				load.Yields(0, 1)
			}
			decide()
		})
	}
	var got []int // plain, because callbacks run one after the other
	for i := range n {
		if !beside && int64(i) == early {
			decide()
		}
		p.Then(func(Value, error) {
			got = append(got, i)
			left.Add(-1)
		})
		added.Add(1)
	}
	group.Wait()
	if !soon(func() bool { return left.Load() <= 0 }) {
		return fmt.Errorf("%d of %d callbacks were not called", left.Load(), n)
	}
	if !slices.IsSorted(got) {
		return fmt.Errorf("callbacks were called in the order %v, want that in which they were added", got)
	}
	return nil
}
