package singleton

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// once counts the runs of the initializer.
var once = harness.Workload[New]{
	Load: harness.Load{
		Name: "once", Turn: "stampede", About: "a stampede that counts the runs of the initializer",
		Params: []harness.AnyParam{load.Goroutines, buildNs, load.Yield},
		Needs:  []impls.Promise{singles.InitOnce}, Probes: []impls.Promise{singles.InitOnce},
		Points: harness.Points{
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 8), buildNs.In(0, 1000), load.Yield.In(0, 1)),
				harness.Over(crowd, load.Yield.In(0, 1)),
			},
		},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		return stampedes(t, newSingle, nil, (*callers).once)
	},
}

// once checks that the initializer ran once, and that all callers got its object.
func (s *callers) once() error {
	if n := s.builder.runs.Load(); n != 1 {
		return fmt.Errorf("the initializer ran %d times", n)
	}
	return s.agree()
}

// slow has an initializer that takes up to 30 ms: no waiter may lose its patience and
// build another object.
var slow = harness.Workload[New]{
	Load: harness.Load{
		Name: "slow", Turn: "stampede", About: "an initializer that sleeps, and waiters that must not run it again",
		Params: []harness.AnyParam{load.Goroutines},
		Needs:  []impls.Promise{singles.InitOnce}, Probes: []impls.Promise{singles.InitOnce},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8))}},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		n := load.Goroutines.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error {
			return stampede(newSingle, n, &builder{sleep: anySleep(rng)}).once()
		})
	},
}

// anySleep returns a time from 10 µs to 30 ms; its logarithm is uniform.
func anySleep(rng *rand.Rand) time.Duration {
	const shortest, longest = 10 * time.Microsecond, 30 * time.Millisecond
	return time.Duration(float64(shortest) * math.Exp(rng.Float64()*math.Log(float64(longest/shortest))))
}
