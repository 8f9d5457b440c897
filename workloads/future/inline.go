package future

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// inline counts the callbacks that were called when the deciding call returned. Those
// whose Then had returned before it began must be among them.
var inline = harness.Workload[New]{
	Load: harness.Load{
		Name: "inline", Turn: "life of a promise",
		About:  "callbacks that were there have been called when the deciding call returns",
		Params: []harness.AnyParam{callers},
		Needs:  []impls.Promise{futures.Inline}, Probes: []impls.Promise{futures.Inline},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(callers, 1, 100))}},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		n := callers.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error { return calledInline(rng, newPromise(), n) })
	},
}

// calledInline adds n callbacks and decides, while other goroutines add more.
func calledInline(rng *rand.Rand, p futures.Promise[Value], n int) error {
	var called atomic.Int64
	for range n {
		p.Then(func(Value, error) { called.Add(1) })
	}
	var group sync.WaitGroup
	for range rng.IntN(3) {
		group.Go(func() {
			for range 20 {
				p.Then(func(Value, error) {})
			}
		})
	}
	offer(rng.IntN(3)).decide(p)
	got := called.Load()
	group.Wait()
	if got != int64(n) {
		return fmt.Errorf("%d of %d callbacks had been called when the deciding call returned", got, n)
	}
	return nil
}
