// Package cas loads counters, cells and multi-word compare-and-swap. There are additions
// to one or many counters, updates of versioned records, the top pointer of a lock-free
// stack, and transfers between words. Every window checks sums and versions against what
// was done.
package cas

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/cell"
	"github.com/contendbench/contend/impls/cas/counter"
	"github.com/contendbench/contend/impls/cas/multiword"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

var (
	counterLoads = []harness.Workload[counter.New]{
		count, reset, countHistory, large, lives, zeroValue, resetHistory,
	}
	recordLoads = []harness.Workload[cell.New[cell.Record]]{
		record, swap, recordHistory, recordCrowd, recordSequence, panicking,
	}
	topLoads       = []harness.Workload[cell.New[*Node]]{top}
	multiWordLoads = []harness.Workload[multiword.New]{transfer, together, wordsHistory, wordsSequence}
)

// All returns the suites over every implementation of this project, the seeded bugs among
// them.
func All() []harness.Suite {
	return []harness.Suite{
		Counters(append(counter.All(), counter.Broken()...)...),
		Cells{
			Records: append(cell.OfRecords(), cell.BrokenOfRecords()...),
			Nodes:   append(cell.All[*Node](), cell.Broken[*Node]()...),
		}.Suite(),
		MultiWords(append(multiword.All(), multiword.Broken()...)...),
	}
}

// Counters is the suite over the counters given.
func Counters(table ...impls.Impl[counter.New]) harness.Suite {
	return harness.NewSuite(about("counter", "fetch-and-add", 7*time.Second), harness.Under(table, counterLoads...))
}

// Cells are cells by the type of their values. The same name in both tables is the same
// cell. A cell for values of any type belongs in both.
type Cells struct {
	Records []impls.Impl[cell.New[cell.Record]]
	Nodes   []impls.Impl[cell.New[*Node]] // as the top pointer of a stack
}

// Suite is the suite over the tables. It has no loads for a table that is empty.
func (c Cells) Suite() harness.Suite {
	var parts []harness.Part
	if len(c.Records) > 0 {
		parts = append(parts, harness.Under(c.Records, recordLoads...))
	}
	if len(c.Nodes) > 0 {
		parts = append(parts, harness.Under(c.Nodes, topLoads...))
	}
	return harness.NewSuite(about("cell", "value", 4*time.Second), parts...)
}

// Records is the suite over cells of records.
func Records(table ...impls.Impl[cell.New[cell.Record]]) harness.Suite {
	return Cells{Records: table}.Suite()
}

// MultiWords is the suite over the implementations of multi-word compare-and-swap given.
func MultiWords(table ...impls.Impl[multiword.New]) harness.Suite {
	return harness.NewSuite(about("multiword", "mutex", 3*time.Second), harness.Under(table, multiWordLoads...))
}

func about(name, baseline string, quick time.Duration) harness.About {
	return harness.About{
		Pattern: "compare-and-swap", Contract: "cas", Name: name, Baseline: baseline, QuickShare: quick,
	}
}

// What loads of several suites share.
var (
	crowd = harness.Within(load.Goroutines, 33, 1200)

	cellCount = harness.Param[int]{
		Key: "cells", About: "counters or cells; each turn takes a random one, 1 to 10000", Default: 1,
		Valid: harness.Between(1, 10_000),
	}
	readPct = harness.Param[float64]{
		Key: "read-pct", About: "turns that only read, percent, 0 to 100", Default: 0,
		Valid: harness.Between(0.0, 100.0),
	}
	retries = harness.Metric{
		Unit: "retries/op", Better: harness.Lower, About: "failed tries for each swap that succeeded",
	}
)

// client is a client of a recorded history.
type client = history.Client[models.Access, models.Result]

// choices is how many draws a worker makes before a window; it repeats them.
const choices = 4096

// draws are a worker's choices: a place, and whether to read or to write there.
type draws struct {
	place [choices]int32
	reads [choices]bool
}

func draw(w *harness.Worker, places int, share float64) *draws {
	d := new(draws)
	for i := range choices {
		d.place[i], d.reads[i] = int32(w.Rand().IntN(places)), w.Rand().Float64() < share
	}
	return d
}
