package future

import (
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/workloads/load"
)

// zeroValue is lives with promises that no constructor made.
var zeroValue = harness.Workload[New]{
	Load: harness.Load{
		Name: "zero-value", Turn: "life of a promise", About: "the promise is a zero value of its type",
		Params: lives.Params,
		Needs:  []impls.Promise{impls.ZeroValue}, Probes: []impls.Promise{impls.ZeroValue},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(few, deciders.In(1, 2))}},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		c := company{deciders.Of(t), load.Goroutines.Of(t), callers.Of(t)}
		return load.Rounds(t, func(rng *rand.Rand) error { return c.meet(rng, load.ZeroOf(newPromise())) })
	},
}
