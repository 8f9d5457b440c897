package future

import (
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh promise through a short life: some goroutines decide, some wait and
// some add callbacks, all at once. In a long window, nothing would show that a waiter or a
// callback was lost.
var lives = harness.Workload[New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a promise",
		About:  "some goroutines decide, some wait and some add callbacks; one wins, and all others get its outcome once",
		Params: []harness.AnyParam{load.Goroutines, callers, deciders},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 40), harness.Within(callers, 1, 40), harness.Within(deciders, 1, 8)),
			harness.Over(harness.Within(load.Goroutines, 2, 1200), callers.In(0, 2), deciders.In(1, 2)),
			harness.Over(load.Goroutines.In(1, 2), harness.Within(callers, 2, 300), deciders.In(1, 2)),
			harness.Over(load.Goroutines.In(1), callers.In(0), harness.Within(deciders, 2, 300)),
		}},
	},
	Run: runLives,
}

var (
	callers = harness.Param[int]{
		Key: "callbacks", About: "goroutines that add a callback each, 0 to 10000", Default: 2,
		Valid: harness.Between(0, 10_000), Crowd: true,
	}
	deciders = harness.Param[int]{
		Key: "deciders", About: "goroutines that decide, 1 to 10000", Default: 2,
		Valid: harness.Between(1, 10_000), Crowd: true,
	}
)

func runLives(t *harness.Trial, newPromise New) error {
	c := company{deciders.Of(t), load.Goroutines.Of(t), callers.Of(t)}
	return load.Rounds(t, func(rng *rand.Rand) error { return c.meet(rng, newPromise()) })
}
