// Package cas loads counters and cells: additions and reads of one or many counters, updates of versioned records, swaps by
// hand, the top pointer of a lock-free stack, and transfers between words. Every window checks sums and versions against what was done.
package cas

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas"
	"github.com/contendbench/contend/workloads/load"
)

var (
	cells   = harness.Param[int]{Key: "cells", About: "counters or cells, of which each turn takes one by chance, 1 to 10000", Default: 1, Valid: harness.Between(1, 10_000)}
	words   = harness.Param[int]{Key: "words", About: "words, of which each turn changes some, 2 to 10000", Default: 8, Valid: harness.Between(2, 10_000)}
	width   = harness.Param[int]{Key: "width", About: "words that change at once, 2 to 64", Default: 2, Valid: harness.Between(2, 64)}
	readPct = harness.Param[float64]{Key: "read-pct", About: "turns that only read, percent, 0 to 100", Default: 0, Valid: harness.Between(0.0, 100.0)}
)

// All is the pattern over every counter and cell of this project, the seeded bugs among them.
func All() harness.Pattern {
	return Counters(append(cas.Counters(), cas.BrokenCounters()...)...).
		And(Records(append(cas.Records(), cas.BrokenRecords()...)...)).
		And(harness.NewPattern(about("value"), append(cas.Cells[*node](), cas.BrokenCells[*node]()...), ofTops...)).
		And(Words(append(cas.AllWords(), cas.BrokenWords()...)...))
}

// Counters is the pattern over the counters given.
func Counters(table ...impls.Impl[cas.NewCounter]) harness.Pattern {
	return harness.NewPattern(about("fetch-and-add"), table, ofCounters...)
}

// Records is the pattern over the cells given.
func Records(table ...impls.Impl[cas.NewCell[cas.Record]]) harness.Pattern {
	return harness.NewPattern(about("value"), table, ofRecords...)
}

// Words is the pattern over the rows of words given.
func Words(table ...impls.Impl[cas.NewWords]) harness.Pattern {
	return harness.NewPattern(about("mutex"), table, ofWords...)
}

func about(baseline string) harness.About {
	return harness.About{Pattern: "compare-and-swap", Contract: "cas", Baseline: baseline}
}

var ofCounters = []harness.Workload[cas.NewCounter]{
	{
		Name: "count", Op: "addition", About: "n workers add to one of some counters, or read it",
		Params: []harness.AnyParam{load.Goroutines, cells, readPct, load.Think}, Curve: load.Goroutines,
		Plane: [2]harness.AnyParam{load.Goroutines, cells},
		Quick: []harness.Grid{harness.Over()},
		Standard: []harness.Grid{
			harness.Over(load.Goroutines.In(2, 8, 64), cells.In(1, 16, 256)),
			harness.Over(readPct.In(50)),
		},
		Full:   []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 4, 8, 16, 64), cells.In(1, 16, 256), readPct.In(0, 10, 50), load.Think.In(0, 100))},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8, 32), cells.In(1, 4), readPct.In(0, 20), load.Think.In(0, 100))},
		Run:    count,
	},
	{
		Name: "reset", Op: "addition", About: "n workers add while one takes the sum away", Params: []harness.AnyParam{load.Goroutines, load.Think},
		Stress:  []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8), load.Think.In(0, 100))},
		Accepts: func(i impls.Impl[cas.NewCounter]) bool { return i.Has(impls.Resettable) }, Run: reset,
	},
	{
		Name: "count-history", Op: "history", About: "short histories of additions and loads, of which some order must explain each", Params: load.History,
		Stress:  []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))},
		Accepts: func(i impls.Impl[cas.NewCounter]) bool { return i.Has(impls.Linearizable) }, Run: counterHistory,
	},
}

var ofRecords = []harness.Workload[cas.NewCell[cas.Record]]{
	{
		Name: "record", Op: "update", About: "n workers update or read one of some versioned records", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, cells, readPct, load.Hold, load.Think, load.Yield}, Curve: load.Goroutines,
		Plane: [2]harness.AnyParam{load.Goroutines, readPct},
		Quick: []harness.Grid{harness.Over()},
		Standard: []harness.Grid{
			harness.Over(load.Goroutines.In(2, 8, 64), readPct.In(0, 50, 90)),
			harness.Over(cells.In(16)),
			harness.Over(load.Yield.In(1)),
		},
		Full:   []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64), cells.In(1, 16), readPct.In(0, 50, 90), load.Hold.In(0, 1000), load.Yield.In(0, 1))},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8, 32), cells.In(1, 4), readPct.In(0, 50), load.Hold.In(0, 200), load.Yield.In(0, 1, 10))},
		Run:    record,
	},
	{
		Name: "swap", Op: "try", About: "n workers load a record and try to swap in the next", Allocates: true,
		Params:   []harness.AnyParam{load.Goroutines, load.Think, load.Yield},
		Standard: []harness.Grid{harness.Over()},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), load.Yield.In(0, 1, 10))},
		Run:      swap,
	},
	{
		Name: "record-history", Op: "history", About: "short histories of loads, swaps and updates, of which some order must explain each", Params: load.History,
		Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}, Run: recordHistory,
	},
}

var ofTops = []harness.Workload[cas.NewCell[*node]]{
	{
		Name: "top", Op: "push and pop", About: "the cell is the top pointer of a stack of linked nodes", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, load.Think, load.Yield}, Curve: load.Goroutines,
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), load.Yield.In(0, 1, 10))},
		Run:      top,
	},
}

var ofWords = []harness.Workload[cas.NewWords]{
	{
		Name: "transfer", Op: "transfer or audit", About: "n workers move a coin between words that change at once, or look at all words", Allocates: true,
		Params: []harness.AnyParam{load.Goroutines, words, width, readPct, load.Think, load.Yield}, Curve: load.Goroutines,
		Quick: []harness.Grid{harness.Over()},
		Standard: []harness.Grid{
			harness.Over(load.Goroutines.In(2, 8, 64)),
			harness.Over(words.In(64, 1024), width.In(2, 8)),
			harness.Over(load.Yield.In(1)),
		},
		Full:   []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64), words.In(8, 64, 1024), width.In(2, 8), readPct.In(0, 10), load.Yield.In(0, 1))},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 3, 8), words.In(2, 8), width.In(2, 3), readPct.In(0, 30), load.Yield.In(0, 1, 10))},
		Run:    transfer,
	},
}
