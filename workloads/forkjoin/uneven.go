package forkjoin

import (
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// uneven is a loop whose iterations differ: one in a hundred takes as long as all others
// together. One task forks all of the others.
var uneven = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "uneven", Turn: "program",
		About:  "a loop in which one iteration of a hundred takes a hundred times as long, a fork for each grain of it",
		Params: []harness.AnyParam{iterations, grain, workers}, Metrics: programMetrics, Ranks: runNs, CurveAxis: grain,
		Maps: []harness.Plane{{iterations, grain}}, Allocates: true, Takes: 60 * time.Millisecond,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(iterations.In(1000, 10_000, 100_000), grain.In(1, 10, 100))},
			Stress: []harness.Grid{
				harness.Over(harness.Within(iterations, 1, 3000), harness.Within(grain, 1, 100), few),
			},
		},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		l := loop{steps: make([]int, iterations.Of(t)), grain: grain.Of(t)}
		short := t.Spins(shortIteration)
		rng := rand.New(rand.NewPCG(1, uint64(len(l.steps))))
		for i := range l.steps {
			if l.steps[i] = short; rng.IntN(100) == 0 {
				l.steps[i] = 100 * short
			}
		}
		want := make([]uint64, len(l.steps))
		l.run(want, 0, len(want))
		return measure(t, newPool, func() program {
			got := make([]uint64, len(want))
			return program{
				alone:  func() { l.run(got, 0, len(got)) },
				forked: func(s forks.Scope) { l.fork(s, got) },
				check: func() error {
					if !slices.Equal(got, want) {
						return errLoop
					}
					return nil
				},
			}
		})
	},
}

// shortIteration is how long most iterations take, in ns.
const shortIteration = 100

var (
	iterations = harness.Param[int]{
		Key: "iterations", About: "iterations of the loop, 1 to 100000000", Default: 10_000,
		Valid: harness.Between(1, 100_000_000),
	}

	errLoop = errors.New("the results of the loop differ from those of the sequential program")
)

// loop has the steps of work of each iteration.
type loop struct {
	steps []int
	grain int
}

// run adds the results of the iterations from low to high, without high.
func (l loop) run(results []uint64, low, high int) {
	for i := low; i < high; i++ {
		results[i] += machine.Spin(uint64(i), l.steps[i])
	}
}

func (l loop) fork(s forks.Scope, results []uint64) {
	for low := 0; low < len(results); low += l.grain {
		high := min(low+l.grain, len(results))
		s.Fork(func(forks.Scope) { l.run(results, low, high) })
	}
}
