package stack

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// zeroValue is pairs with stacks that no constructor made.
var zeroValue = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "zero-value", Turn: "push and pop", About: "the stack is a zero value of its type",
		Params: pairs.Params,
		Needs:  []impls.Promise{impls.ZeroValue}, Probes: []impls.Promise{impls.ZeroValue}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8), initial.In(0))}},
	},
	Run: func(t *harness.Trial, create stacks.New[uint64]) error {
		return runPairs(t, func(room int) stacks.Stack[uint64] { return load.ZeroOf(create(room)) })
	},
}
