package stack

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// tightHistories plays short histories of stacks that are often full. Unless the stack is
// linearizable, a call that fails needs no reason.
var tightHistories = harness.Workload[stacks.New[uint64]]{
	Load: harness.Load{
		Name: "tight-history", Turn: "history", About: "short histories of a stack with little room",
		Params: load.History,
		Probes: []impls.Promise{impls.Bounded},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}},
	},
	// The load history has the others.
	Accepts: func(i impls.Impl[stacks.New[uint64]]) bool {
		return i.Role != impls.Noop && (i.Has(impls.Bounded) || !i.Has(impls.Linearizable))
	},
	Run: func(t *harness.Trial, create stacks.New[uint64]) error {
		limit := 0
		if t.Promises(impls.Bounded) {
			limit = little
		}
		return play(t, create, little, limit)
	},
}
