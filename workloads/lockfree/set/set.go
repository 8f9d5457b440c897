// Package set loads sets: a mix of looks and changes over a range of keys, of which half are there, and workers with keys of their own.
// Every window checks key by key that those who were told that they changed something add up to what is there.
package set

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
)

var (
	keyRange  = harness.Param[int]{Key: "range", About: "keys, of which half are there at first, 2 to 1000000", Default: 64, Valid: harness.Between(2, 1_000_000)}
	ownKeys   = harness.Param[int]{Key: "keys", About: "keys of each worker, 1 to 10000", Default: 8, Valid: harness.Between(1, 10_000)}
	updatePct = harness.Param[float64]{Key: "update-pct", About: "turns that insert or remove, as many of each, percent, 0 to 100", Default: 20, Valid: harness.Between(0.0, 100.0)}
)

// All is the pattern over every set of this project, the seeded bugs among them.
func All() harness.Pattern { return Pattern(append(set.All(), set.Broken()...)...) }

// Pattern is the pattern over the sets given.
func Pattern(table ...impls.Impl[set.New]) harness.Pattern {
	return harness.NewPattern(harness.About{
		Pattern: "lock-free programming", Contract: "lockfree/set", Baseline: "coarse",
		Without: map[impls.Kind]string{impls.Channel: "a set that a channel hands around is the coarse one with a slower lock"},
	}, table, works...)
}

var works = []harness.Workload[set.New]{
	{
		Name: "mix", Op: "call", About: "n workers look for keys, insert and remove them", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, keyRange, updatePct, load.Theta, load.Think}, Curve: keyRange,
		Plane: [2]harness.AnyParam{keyRange, updatePct},
		Quick: []harness.Grid{harness.Over(load.Goroutines.In(2), keyRange.In(1024)).Without("hand-over-hand")},
		Standard: []harness.Grid{
			harness.Over(keyRange.In(16, 256, 4096), updatePct.In(2, 20, 100)),
			harness.Over(load.Goroutines.In(2, 64)),
		},
		Full: []harness.Grid{
			harness.Over(load.Goroutines.In(2, 8, 64), keyRange.In(16, 256, 4096, 16384), updatePct.In(0, 2, 20, 100), load.Theta.In(0, 0.9)),
		},
		Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(2, 3, 8, 32), keyRange.In(2, 4, 16), updatePct.In(50, 100), load.Theta.In(0)),
			harness.Over(load.Goroutines.In(2, 8), keyRange.In(256)),
		},
		Run: mix,
	},
	{
		Name: "own", Op: "call", About: "n workers look for keys of their own, insert and remove them, between those of the others", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, ownKeys, load.Think}, Curve: load.Goroutines,
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), ownKeys.In(1, 2, 8))},
		Accepts:  func(i impls.Impl[set.New]) bool { return i.Role != impls.Noop }, Run: own,
	},
	{
		Name: "history", Op: "history", About: "short histories of calls to few keys, of which some order must explain each", Params: load.History,
		Stress:  []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))},
		Accepts: func(i impls.Impl[set.New]) bool { return i.Has(impls.Linearizable) }, Run: recorded,
	},
}
