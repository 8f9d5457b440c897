// Package stack loads stacks: workers that push and pop by turns, and producers and consumers. Every window checks that what was
// popped, and what was left, is what was pushed; short histories are checked for an order that explains them.
package stack

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

var (
	initial   = harness.Param[int]{Key: "initial", About: "values on the stack at first, 0 to 100000", Default: 16, Valid: harness.Between(0, 100_000)}
	batch     = harness.Param[int]{Key: "batch", About: "objects that a worker takes at most before it gives them back, 1 to 1000", Default: 2, Valid: harness.Between(1, 1000)}
	producers = harness.Param[int]{Key: "producers", About: "workers that push, 1 to 1000", Default: 4, Valid: harness.Between(1, 1000)}
	consumers = harness.Param[int]{Key: "consumers", About: "workers that pop, 1 to 1000", Default: 4, Valid: harness.Between(1, 1000)}
	room      = harness.Param[int]{Key: "room", About: "values that a bounded stack has room for, 1 to 1000000", Default: 1024, Valid: harness.Between(1, 1_000_000)}
)

// All is the pattern over every stack of this project, the seeded bugs among them.
func All() harness.Pattern {
	return Pattern(append(stacks.All[uint64](), stacks.Broken[uint64]()...)...).
		And(Objects(append(stacks.All[*Object](), stacks.Broken[*Object]()...)...))
}

var about = harness.About{
	Pattern: "lock-free programming", Contract: "lockfree/stack", Baseline: "mutex",
	Without: map[impls.Kind]string{
		impls.Runtime: "the standard library ships no stack",
		impls.Library: "no library in wide use has a stack for many goroutines",
	},
}

// Pattern is the pattern over the stacks given.
func Pattern(table ...impls.Impl[stacks.New[uint64]]) harness.Pattern {
	return harness.NewPattern(about, table, works...)
}

// Objects is the pattern over the stacks given, of what they keep reachable.
func Objects(table ...impls.Impl[stacks.New[*Object]]) harness.Pattern {
	return harness.NewPattern(about, table, ofObjects)
}

func linear(i impls.Impl[stacks.New[uint64]]) bool { return i.Has(impls.Linearizable) }

// short is a contender that a history may find to be full or empty without a reason.
func short(i impls.Impl[stacks.New[uint64]]) bool { return !linear(i) && i.Role != impls.Noop }

var works = []harness.Workload[stacks.New[uint64]]{
	{
		Name: "pairs", Op: "push and pop", About: "n workers push, and then pop", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, initial, load.Think}, Curve: load.Goroutines,
		Quick: []harness.Grid{harness.Over()},
		Standard: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 8, 64), load.Think.In(0, 100, 1000)),
			harness.Over(initial.In(0, 1024)),
		},
		Full:   []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 4, 8, 16, 64), initial.In(0, 16, 1024), load.Think.In(0, 100, 1000))},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8, 32), initial.In(0, 1))},
		Run:    pairs,
	},
	{
		Name: "roles", Op: "pop", About: "producers push and consumers pop, until nothing is left", Allocates: true,
		Params: []harness.AnyParam{producers, consumers, room, load.Think}, Curve: producers, Plane: [2]harness.AnyParam{producers, consumers},
		Standard: []harness.Grid{
			harness.Over(producers.In(1, 4, 16), consumers.In(1, 4, 16)),
			harness.Over(load.Think.In(1000)),
		},
		Stress: []harness.Grid{harness.Over(producers.In(1, 2, 4), consumers.In(1, 2, 4), room.In(1, 4, 8))},
		Run:    roles,
	},
	{
		Name: "pool", Op: "take and give back", About: "n workers take some of the objects on the stack, and give them back", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, initial, batch, load.Think}, Curve: load.Goroutines,
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64), batch.In(1, 4))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(3, 4, 8), initial.In(4, 8), batch.In(3, 4))},
		Run:      pool,
	},
	{
		Name: "history", Op: "history", About: "short histories, of which some order must explain each", Params: load.History,
		Stress:  []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))},
		Accepts: linear, Run: strictHistory,
	},
	{
		Name: "tight-history", Op: "history", About: "short histories with little room, in which a call that fails needs no reason", Params: load.History,
		Stress:  []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))},
		Accepts: short, Run: tightHistory,
	},
}

var ofObjects = harness.Workload[stacks.New[*Object]]{
	Name: "releases", Op: "push and pop", About: "what was popped must be free for the collector", Allocates: true,
	Params:  []harness.AnyParam{load.Goroutines},
	Stress:  []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8))},
	Accepts: func(i impls.Impl[stacks.New[*Object]]) bool { return i.Has(impls.Releases) }, Run: releases,
}
