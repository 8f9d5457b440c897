// Package rwlock loads reader–writer locks: a share of readers over goroutines and holds, some writers among fixed readers. Every
// window checks that a writer was alone and that readers saw what one writer left.
package rwlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

var (
	readPct = harness.Param[float64]{Key: "read-pct", About: "turns that read, percent, 0 to 100", Default: 90, Valid: harness.Between(0.0, 100.0)}
	readers = harness.Param[int]{Key: "readers", About: "goroutines that only read, 1 to 10000", Default: 8, Valid: harness.Between(1, 10_000)}
	writers = harness.Param[int]{Key: "writers", About: "goroutines that only write, 0 to 10000", Default: 1, Valid: harness.Between(0, 10_000)}
)

// All is the pattern over every reader–writer lock of this project, the seeded bugs among them.
func All() harness.Pattern { return Pattern(append(locks.All(), locks.Broken()...)...) }

// Pattern is the pattern over the locks given.
func Pattern(table ...impls.Impl[locks.New]) harness.Pattern {
	about := harness.About{Pattern: "reader-writer lock", Contract: "rwlock", Baseline: "sync"}
	return harness.NewPattern(about, table, works...)
}

func has(p impls.Promise) func(impls.Impl[locks.New]) bool {
	return func(i impls.Impl[locks.New]) bool { return i.Has(p) }
}

// slow are the locks that quick leaves out of all points but one.
var slow = []string{"channel", "reader-preferring", "writer-preferring", "task-fair", "spin"}

var works = []harness.Workload[locks.New]{
	{
		Name: "mix", Op: "section", About: "n goroutines read or write by chance", Fair: true,
		Params: []harness.AnyParam{load.Goroutines, readPct, load.Hold, load.Think, load.Yield}, Curve: readPct,
		Plane: [2]harness.AnyParam{readPct, load.Hold},
		Quick: []harness.Grid{
			harness.Over(readPct.In(90)),
			harness.Over(readPct.In(99, 100)).Without(slow...),
		},
		Standard: []harness.Grid{
			harness.Over(load.Goroutines.In(2, 8, 64), readPct.In(50, 90, 99, 100)),
			harness.Over(load.Goroutines.In(8), readPct.In(50, 90, 99, 100), load.Hold.In(100, 1000, 10_000)),
		},
		Full: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 4, 8, 16, 64), readPct.In(0, 50, 90, 99, 99.9, 100), load.Hold.In(0, 100, 1000, 10_000))},
		Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(2, 3, 8, 32), readPct.In(50, 90, 99), load.Hold.In(0, 200), load.Yield.In(0, 1, 10)),
		},
		Run: mix,
	},
	{
		Name: "roles", Op: "section of a reader", About: "fixed readers and fixed writers, each at once again",
		Params:   []harness.AnyParam{readers, writers, load.Hold, load.Think},
		Quick:    []harness.Grid{harness.Over(load.Think.In(1000)).Without(slow...)},
		Standard: []harness.Grid{harness.Over(readers.In(1, 8, 32), writers.In(1, 4), load.Think.In(1000))},
		Stress:   []harness.Grid{harness.Over(readers.In(2, 8), writers.In(1, 3), load.Think.In(200, 2000))},
		Run:      roles,
	},
	{
		Name: "together", Op: "meeting of 2 readers", About: "a reader waits inside until another one is there too",
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.SharedReaders), Run: together,
	},
	{
		Name: "order", Op: "round", About: "a writer waits for a reader; a reader that comes then must not pass it",
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.WriterPreference), Run: order,
	},
}
