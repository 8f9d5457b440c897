package stack

import (
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh stack through a short life: goroutines push a few values and pop as
// many, and all end. Each value hands over plain data.
var lives = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a stack",
		About:  "goroutines push a few values onto a fresh stack and pop as many, and then all end",
		Params: []harness.AnyParam{load.Goroutines, each}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 2, 40), harness.Within(each, 1, 40)),
			harness.Over(harness.Within(load.Goroutines, 40, 1200), each.In(1, 3)),
		}},
	},
	Accepts: isStack[uint64],
	Run: func(t *harness.Trial, create stacks.New[uint64]) error {
		n, values := load.Goroutines.Of(t), each.Of(t)
		fresh := func(*rand.Rand) (stacks.Stack[uint64], int) { return create(n * values), n * values }
		return eachLife(t, fresh, func(l *life) { l.crowd(n, func(p int) { l.live(p, values) }) })
	},
}

var each = harness.Param[int]{
	Key: "values", About: "values that each goroutine pushes in the life of a stack, 1 to 100000", Default: 20,
	Valid: harness.Between(1, 100_000),
}

// live pushes values and pops as many, which may be another goroutine's.
func (l *life) live(goroutine, values int) {
	for i := range values {
		l.push(goroutine*values + i)
		if i%2 == 1 { // two pushes, two pops, so that they also meet their own kind
			l.pops(2)
		}
	}
	l.pops(values % 2)
}
