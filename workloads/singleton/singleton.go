// Package singleton loads singletons: a stampede on one that is not built, reads of one that is, and initializers that fail. Every
// window checks that all got the same complete object.
package singleton

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// New makes the singletons that are loaded here.
type New = singles.New[Object]

var buildNs = harness.Param[int]{Key: "build-ns", About: "work of the initializer, ns", Default: 1000, Valid: harness.Between(0, 1_000_000_000)}

// All is the pattern over every singleton of this project, the seeded bugs among them.
func All() harness.Pattern {
	return Pattern(append(singles.All[Object](), singles.Broken[Object]()...)...)
}

// Pattern is the pattern over the singletons given.
func Pattern(table ...impls.Impl[New]) harness.Pattern {
	about := harness.About{Pattern: "singleton", Contract: "singleton", Baseline: "once"}
	return harness.NewPattern(about, table, works...)
}

func has(p impls.Promise) func(impls.Impl[New]) bool {
	return func(i impls.Impl[New]) bool { return i.Has(p) }
}

var works = []harness.Workload[New]{
	{
		Name: "hot", Op: "read", About: "n workers read a value that is built",
		Params: []harness.AnyParam{load.Goroutines, load.Think}, Curve: load.Goroutines,
		Quick:    []harness.Grid{harness.Over(load.Goroutines.In(2))},
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2, 8))},
		Run:      hot,
	},
	{
		Name: "cold", Op: "stampede", About: "n callers come at once to a value that is not built", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, buildNs, load.Yield}, Curve: load.Goroutines,
		Plane:    [2]harness.AnyParam{load.Goroutines, buildNs},
		Quick:    []harness.Grid{harness.Over()},
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64), buildNs.In(0, 1000, 100_000))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2, 8), buildNs.In(0, 1000, 10_000), load.Yield.In(0, 1))},
		Run:      cold,
	},
	{
		Name: "once", Op: "stampede", About: "a stampede that counts how often the initializer runs",
		Params:  []harness.AnyParam{load.Goroutines, buildNs, load.Yield},
		Stress:  []harness.Grid{harness.Over(load.Goroutines.In(2, 8), buildNs.In(0, 1000), load.Yield.In(0, 1))},
		Accepts: has(impls.InitOnce), Run: once,
	},
	{
		Name: "failing", Op: "stampede", About: "the first run of the initializer returns an error, and a later call builds",
		Params:  []harness.AnyParam{load.Goroutines, buildNs, load.Yield},
		Stress:  []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8), load.Yield.In(0, 1))},
		Accepts: has(impls.RetriesErrors), Run: failing,
	},
	{
		Name: "panicking", Op: "stampede", About: "the first run of the initializer panics, and a later call builds",
		Params:  []harness.AnyParam{load.Goroutines, buildNs, load.Yield},
		Stress:  []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8), load.Yield.In(0, 1))},
		Accepts: has(impls.RetriesPanics), Run: panicking,
	},
}
