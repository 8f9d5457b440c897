package stack

import (
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// unbounded pushes far more values than the stack was created for, by many goroutines at
// once, and then pops them.
var unbounded = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "unbounded", Turn: "round", About: "n goroutines push many values at once, and then pop them",
		Params: []harness.AnyParam{load.Goroutines, depth},
		Needs:  []impls.Promise{impls.Unbounded}, Probes: []impls.Promise{impls.Unbounded}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 100), harness.Within(depth, 1000, 300_000)),
		}},
	},
	Run: func(t *harness.Trial, create stacks.New[uint64]) error {
		n := load.Goroutines.Of(t)
		values := max(depth.Of(t)/n, 1)
		fresh := func(*rand.Rand) (stacks.Stack[uint64], int) { return create(little), n * values }
		return eachLife(t, fresh, func(l *life) {
			l.crowd(n, func(p int) { l.pushes(p, values) })
			l.crowd(n, func(int) { l.pops(values) })
		})
	},
}

func (l *life) pushes(goroutine, values int) {
	for i := range values {
		l.push(goroutine*values + i)
	}
}
