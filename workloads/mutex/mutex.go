// Package mutex loads locks: a shared counter, many locks with hot ones, a hog, long
// outliers, a lock around a real structure, a burst. Every window checks that no two
// goroutines were inside at once.
package mutex

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/impls/mutex/delegation"
	"github.com/contendbench/contend/workloads/load"
)

var about = harness.About{Pattern: "mutex", Contract: "mutex", Baseline: "sync", QuickShare: 17 * time.Second}

var loads = []harness.Workload[locks.New]{
	counter,
	many,
	hog,
	outliers,
	around,
	burst,
	trylock,
	order,
	newcomer,
	lives,
	aged,
	wake,
	longWait,
	handover,
	tryHeld,
	starve,
	zeroValue,
	panics,
	dies,
}

// All is the suite over every lock of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{suite(append(locks.All(), locks.Broken()...), delegation.All())}
}

// Suite is the suite over the locks given; each also runs as a delegation lock.
func Suite(table ...impls.Impl[locks.New]) harness.Suite { return suite(table, nil) }

// Doers is the suite over the delegation locks given.
func Doers(table ...impls.Impl[delegation.New]) harness.Suite {
	return harness.NewSuite(about, doing(nil, table)...)
}

func suite(lockers []impls.Impl[locks.New], doers []impls.Impl[delegation.New]) harness.Suite {
	return harness.NewSuite(about, append([]harness.Part{harness.Under(lockers, loads...)}, doing(lockers, doers)...)...)
}

// doing returns the parts of a suite whose loads pass the section as a function.
func doing(lockers []impls.Impl[locks.New], doers []impls.Impl[delegation.New]) []harness.Part {
	return []harness.Part{
		harness.Under(append(doers[:len(doers):len(doers)], delegation.Adapt(lockers)...), delegated),
		harness.Under(doers, starveDelegated, zeroDelegated),
	}
}

var (
	crowds = load.Goroutines.In(1, 2, 4, 8, 16, 64)
	few    = load.Goroutines.In(2, 3, 8)
	crowd  = harness.Within(load.Goroutines, 9, 1200) // more than nine or ten bits can number
)

// What every load with a section reports.
var (
	bypassMax = harness.Metric{
		Unit: "bypass-max", Better: harness.Lower, About: "most acquisitions by others between two of one worker",
	}
	handoffs = harness.Metric{Unit: "handoffs/op", About: "share of acquisitions by another worker than the one before"}

	sectionMetrics = []harness.Metric{bypassMax, handoffs}
)
