// Package hashmap loads tables of keys and values: mixes of reads and changes over few or many keys, tables that grow, Range beside
// writers, and goroutines that come to the same keys at once. A value says of which key it is, and a key that is read for a
// check has one writer, so every window checks that no value is torn, foreign, old or lost.
package hashmap

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// New makes the maps that are loaded here.
type New = maps.New[uint64, uint64]

var size = harness.Param[int]{Key: "size", About: "keys in the map, 1 to 10000000", Default: 1000, Valid: harness.Between(1, 10_000_000)}

// All is the pattern over every map of this project, the seeded bugs among them.
func All() harness.Pattern {
	return Pattern(append(maps.All[uint64](), maps.Broken[uint64]()...)...)
}

// Pattern is the pattern over the maps given.
func Pattern(table ...impls.Impl[New]) harness.Pattern {
	about := harness.About{Pattern: "lock-free programming", Contract: "lockfree/hashmap", Baseline: "sync-map"}
	return harness.NewPattern(about, table, works...)
}

func has(p impls.Promise) func(impls.Impl[New]) bool {
	return func(i impls.Impl[New]) bool { return i.Has(p) }
}

// copies is left out of presets with many keys: it copies all of them for a write.
const copies = "copy-on-write"

// over leaves out the rows that lose keys under these loads, so that they would have no number.
func over(axes ...harness.Axis) harness.Grid {
	return harness.Over(axes...).Without("haxmap", "ctrie")
}

// mapped is points of the maps of who wins where, without those that win nowhere.
func mapped(axes ...harness.Axis) harness.Grid {
	return over(axes...).Without("skipmap", "channel", "none")
}

var works = []harness.Workload[New]{
	{
		Name: "mix", Op: "operation", About: "n workers read, insert, delete and update in a map that keeps its size", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, size, mixture, load.Theta}, Curve: load.Goroutines,
		Plane: [2]harness.AnyParam{size, load.Theta},
		Quick: []harness.Grid{over()},
		Standard: []harness.Grid{
			over(load.Goroutines.In(1, 2, 8, 64)),
			mapped(size.In(100), mixture.In(named...), load.Theta.In(0, 0.9, 1.2)),
			mapped(size.In(10_000, 100_000), mixture.In(named...), load.Theta.In(0, 0.9, 1.2)).Without(copies),
		},
		Full: []harness.Grid{
			over(load.Goroutines.In(1, 2, 4, 8, 16, 64), mixture.In(named...)),
			mapped(size.In(100, 1000), mixture.In(all...), load.Theta.In(0, 0.6, 0.9, 1.2)),
			mapped(size.In(10_000, 100_000), mixture.In(all...), load.Theta.In(0, 0.6, 0.9, 1.2)).Without(copies),
			mapped(size.In(1_000_000), mixture.In(named...), load.Theta.In(0, 0.9)).Without(copies),
		},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), size.In(10, 100, 1000), mixture.In("50-25-25-0", "20-30-30-20"))},
		Run:    mix,
	},
	{
		Name: "growing", Op: "insertion", About: "n workers insert fresh keys into an empty map, and go on to the next when it has its size", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, size}, Curve: load.Goroutines,
		Standard: []harness.Grid{over(size.In(1000)), over(size.In(100_000)).Without(copies)},
		Full: []harness.Grid{
			over(load.Goroutines.In(1, 2, 8, 64), size.In(1000)),
			over(load.Goroutines.In(1, 2, 8, 64), size.In(100_000)).Without(copies),
		},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), size.In(16, 100, 1000))},
		Run:    growing,
	},
	{
		Name: "range", Op: "range over all keys", About: "one worker goes through all keys while n writers change the map", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, size}, Curve: load.Goroutines,
		Standard: []harness.Grid{over(load.Goroutines.In(1, 8)).Without("none")},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8), size.In(10, 100, 1000))},
		Run:      ranging,
	},
	{
		Name: "snapshot", Op: "range over all keys", About: "one worker goes through the keys that another one writes in turn", Allocates: true,
		Params:  []harness.AnyParam{size},
		Stress:  []harness.Grid{harness.Over(size.In(8, 64, 500))},
		Accepts: has(impls.Snapshot), Run: snapshot,
	},
	{
		Name: "winner", Op: "batch of 256 keys", About: "n workers LoadOrStore the same fresh keys at the same time", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, size}, Curve: load.Goroutines,
		Standard: []harness.Grid{over(load.Goroutines.In(2, 8))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), size.In(256, 1024))},
		Accepts:  has(impls.SetOnce), Run: winner,
	},
	{
		Name: "own-write", Op: "batch of 256 keys", About: "n workers store the same fresh keys, and keys of their own, and load them at once", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, size},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), size.In(256, 1024))},
		Run:    ownWrite,
	},
	{
		Name: "taken", Op: "two stores and a delete", About: "n workers store and delete a key each, while n others delete these keys", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 4))},
		Run:    taken,
	},
	{
		Name: "history", Op: "history", About: "short histories of three keys, of which some order must explain each", Params: load.History,
		Stress:  []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))},
		Accepts: has(impls.Linearizable), Run: recorded,
	},
}
