// Package rwlock loads reader–writer locks: a share of readers over goroutines and holds, some writers among fixed readers; and
// shared records: snapshots and updates over their size. Every window checks that a writer was alone and that readers saw what one
// writer left.
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
	words   = harness.Param[int]{Key: "words", About: "words of the record, 2 to 100000", Default: 16, Valid: harness.Between(2, 100_000)}
	burst   = harness.Param[int]{Key: "burst", About: "sections that a writer makes in a row before it thinks, 1 to 10000", Default: 1, Valid: harness.Between(1, 10_000)}
	writers = harness.Param[int]{Key: "writers", About: "goroutines that only write, 0 to 10000", Default: 1, Valid: harness.Between(0, 10_000)}
)

var about = harness.About{Pattern: "reader-writer lock", Contract: "rwlock", Baseline: "sync"}

// All is the pattern over every reader–writer lock and record of this project, the seeded bugs among them.
func All() harness.Pattern {
	return Pattern(append(locks.All(), locks.Broken()...)...).And(Shared(append(locks.AllShared(), locks.BrokenShared()...)...))
}

// Pattern is the pattern over the locks given, by themselves and each around a record.
func Pattern(table ...impls.Impl[locks.New]) harness.Pattern {
	return harness.NewPattern(about, table, works...).And(Shared(locks.Guard(table)...))
}

// Shared is the pattern over the records given.
func Shared(table ...impls.Impl[locks.NewShared]) harness.Pattern {
	return harness.NewPattern(about, table, ofShared...)
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
			harness.Over(readPct.In(99)).Without(append(slow, "mutex", "phase-fair", "bravo")...),
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
		Name: "roles", Op: "section of a reader", About: "fixed readers and fixed writers, who may come in bursts",
		Params: []harness.AnyParam{readers, writers, burst, load.Hold, load.Think}, Curve: burst,
		Standard: []harness.Grid{
			harness.Over(readers.In(1, 8, 32), writers.In(1, 4), load.Think.In(1000)),
			harness.Over(burst.In(1, 16, 256), load.Think.In(1000)),
		},
		Stress: []harness.Grid{harness.Over(readers.In(2, 8), writers.In(1, 3), burst.In(1, 16), load.Hold.In(0, 200), load.Think.In(0, 200, 2000))},
		Run:    roles,
	},
	{
		Name: "together", Op: "meeting of 2 readers", About: "a reader waits inside until another one is there too",
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.SharedReaders), Run: together,
	},
	{
		Name: "order", Op: "round", About: "a writer waits for a reader; a reader that comes then must not pass it",
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.WriterPreference), Run: order,
	},
	{
		Name: "fifo", Op: "2 rounds", About: "a reader and a writer wait for a writer, and are served as they came",
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.FIFO), Run: fifo,
	},
	{
		Name: "lone-writer", Op: "section of the writer", About: "a writer comes among readers who overlap for ever, and must get in",
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.StarvationFree), Run: loneWriter,
	},
	{
		Name: "lone-reader", Op: "section of the reader", About: "a reader comes among writers of whom some always wait, and must get in",
		Stress: []harness.Grid{harness.Over()}, Accepts: has(impls.StarvationFree), Run: loneReader,
	},
}

var ofShared = []harness.Workload[locks.NewShared]{
	{
		Name: "snapshot", Op: "load or update", About: "n goroutines load or update a record by chance; a turn reads some of the words", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, readPct, words, load.Hold, load.Think, load.Yield}, Curve: words,
		Quick: []harness.Grid{
			harness.Over(words.In(1024)).Without(append(slow, "phase-fair", "big-reader", "bravo", "xsync", "counted-bravo", "none")...),
		},
		Standard: []harness.Grid{harness.Over(words.In(4, 64, 1024), readPct.In(50, 90, 99)).Without("task-fair", "channel")},
		Full: []harness.Grid{
			harness.Over(words.In(4, 16, 64, 256, 1024, 4096), readPct.In(0, 50, 90, 99, 99.9, 100)),
			harness.Over(load.Goroutines.In(1, 2, 64), words.In(4, 64, 1024), readPct.In(90, 99)),
		},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), readPct.In(50, 90), words.In(4, 64, 1024), load.Hold.In(0, 200), load.Yield.In(0, 1, 10))},
		Run:    snapshot,
	},
	{
		Name: "during", Op: "round", About: "a writer at work waits for a reader, which must not wait for it", Params: []harness.AnyParam{words},
		Stress:  []harness.Grid{harness.Over(words.In(4, 1024))},
		Accepts: func(i impls.Impl[locks.NewShared]) bool { return i.Has(impls.ReadersPass) }, Run: during,
	},
}
