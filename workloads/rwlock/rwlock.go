// Package rwlock loads reader–writer locks and shared records. Locks: readers and writers
// in several shares, and fixed readers with some writers. Records: snapshots and updates
// of several sizes. Every window checks that a writer was alone, and that readers saw
// what one writer left.
package rwlock

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/impls/rwlock/shared"
	"github.com/contendbench/contend/workloads/load"
)

var about = harness.About{
	Pattern: "reader-writer lock", Contract: "rwlock", Baseline: "sync", QuickShare: 11 * time.Second,
}

var (
	lockLoads = []harness.Workload[locks.New]{
		mix,
		roles,
		together,
		companies,
		order,
		preference,
		fifo,
		loneWriter,
		loneReader,
		starve,
		lives,
		aged,
		wake,
		longWait,
		wakeAll,
		zeroValue,
		panics,
		dies,
	}
	recordLoads = []harness.Workload[shared.New]{
		snapshot,
		during,
		kept,
		recordLives,
	}
)

// All is the suite over every reader–writer lock and record of this project, the seeded
// bugs among them.
func All() []harness.Suite {
	return []harness.Suite{
		suite(append(locks.All(), locks.Broken()...), append(shared.All(), shared.Broken()...)),
	}
}

// Suite is the suite over the locks given, by themselves and each around a record.
func Suite(table ...impls.Impl[locks.New]) harness.Suite { return suite(table, nil) }

// OfRecords is the suite over the records given.
func OfRecords(table ...impls.Impl[shared.New]) harness.Suite { return suite(nil, table) }

func suite(lockers []impls.Impl[locks.New], records []impls.Impl[shared.New]) harness.Suite {
	return harness.NewSuite(about,
		harness.Under(lockers, lockLoads...),
		harness.Under(append(records, shared.Guard(lockers)...), recordLoads...),
	)
}

var (
	readPct = harness.Param[float64]{
		Key: "read-pct", About: "turns that read, percent, 0 to 100", Default: 90, Valid: harness.Between(0.0, 100.0),
	}
	words = harness.Param[int]{
		Key: "words", About: "words of the record, 2 to 100000", Default: 16, Valid: harness.Between(2, 100_000),
	}

	few   = load.Goroutines.In(2, 3, 8)
	crowd = harness.Within(load.Goroutines, 9, 1200) // more than nine or ten bits can number
)

// choices is how many draws of read or write a worker makes before a window; it repeats
// them.
const choices = 4096

// draw returns a worker's choices of read or write.
func draw(w *harness.Worker, share float64) *[choices]bool {
	reads := new([choices]bool)
	for i := range reads {
		reads[i] = w.Rand().Float64() < share
	}
	return reads
}

// patience is how many milliseconds a goroutine waits for one that must not be held back.
const patience = 250

// inTime reports whether done is closed before the caller's patience ends. It counts
// looks and not time, because the machine may stall.
func inTime(done <-chan struct{}) bool {
	for range patience {
		select {
		case <-done:
			return true
		case <-time.After(time.Millisecond):
		}
	}
	return false
}
