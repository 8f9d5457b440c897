// Package barrier loads barriers: phases that are empty or of unequal work, a stencil whose steps they part, parties that come and
// go, and a party that gives up. Every window checks that nobody left a phase before all had come.
package barrier

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/workloads/load"
)

var (
	parties = harness.Param[int]{Key: "parties", About: "parties that meet, 1 to 10000", Default: 8, Valid: harness.Between(1, 10_000)}
	workNs  = harness.Param[int]{Key: "work-ns", About: "mean work of a party in a phase, ns", Default: 0, Valid: harness.Between(0, 1_000_000_000)}
	spread  = harness.Param[float64]{Key: "spread-pct", About: "how far work is from its mean at most, percent, 0 to 100", Default: 0, Valid: harness.Between(0.0, 100.0)}
	side    = harness.Param[int]{Key: "side", About: "cells along a side of the grid, 3 to 10000", Default: 64, Valid: harness.Between(3, 10_000)}
)

// All is the pattern over every barrier of this project, the seeded bugs among them.
func All() harness.Pattern { return Pattern(append(barriers.All(), barriers.Broken()...)...) }

// Pattern is the pattern over the barriers given.
func Pattern(table ...impls.Impl[barriers.New]) harness.Pattern {
	about := harness.About{Pattern: "barrier", Contract: "barrier", Baseline: "waitgroup", Without: map[impls.Kind]string{
		impls.Library: "the modules that are kept are wrappers of sync.Cond or channels, which stand here",
	}}
	return harness.NewPattern(about, table, works...)
}

func has(p impls.Promise) func(impls.Impl[barriers.New]) bool {
	return func(i impls.Impl[barriers.New]) bool { return i.Has(p) }
}

// spinning are the barriers whose parties all need a processor to leave a phase, with their seeded bugs: a phase of hundreds may
// take as long as a window.
var spinning = []string{
	"central-spin", "combining-tree", "tournament", "dissemination", "mcs-tree",
	"late-reset", "no-sense", "lead-by-look", "one-round-short", "shared-parity",
}

var works = []harness.Workload[barriers.New]{
	{
		Name: "phases", Op: "phase of a party", About: "n parties meet again and again, with equal, unequal or no work between",
		Params: []harness.AnyParam{parties, workNs, spread, load.Yield}, Curve: parties, Allocates: true,
		Quick: []harness.Grid{harness.Over(parties.In(2, 8))},
		Standard: []harness.Grid{
			harness.Over(parties.In(2, 4, 8, 64)),
			harness.Over(workNs.In(1000, 10_000), spread.In(0, 100)),
		},
		Full: []harness.Grid{harness.Over(parties.In(2, 3, 4, 8, 16, 32, 64, 128, 256), workNs.In(0, 1000, 10_000), spread.In(0, 100))},
		Stress: []harness.Grid{
			harness.Over(parties.In(2, 3, 5, 8), workNs.In(0, 500), spread.In(100), load.Yield.In(0, 1, 10)),
			harness.Over(parties.In(32)),
			harness.Over(parties.In(64, 128, 256)).Without(spinning...),
		},
		Run: phases,
	},
	{
		Name: "stencil", Op: "step of a party", About: "a Jacobi iteration on a square grid, whose rows the parties share", Allocates: true,
		Params:   []harness.AnyParam{parties, side},
		Standard: []harness.Grid{harness.Over(parties.In(2, 8), side.In(64, 512))},
		Stress:   []harness.Grid{harness.Over(parties.In(2, 3, 8), side.In(16, 33))},
		Run:      stencil,
	},
	{
		Name: "changing", Op: "run of 16 phases", About: "parties come and go between phases", Params: []harness.AnyParam{parties},
		Stress: []harness.Grid{harness.Over(parties.In(1, 2, 8))}, Accepts: has(impls.Resizable), Run: changing,
	},
	{
		Name: "broken", Op: "round", About: "one of the parties gives up, and all must hear of it", Params: []harness.AnyParam{parties},
		Stress: []harness.Grid{harness.Over(parties.In(2, 3, 8))}, Accepts: has(impls.Cancellable), Run: broken,
	},
}
