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
	wake,
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

func suite(lockers []impls.Impl[locks.New], doers []impls.Impl[delegation.New]) harness.Suite {
	return harness.NewSuite(about,
		harness.Under(lockers, loads...),
		harness.Under(append(doers, delegation.Adapt(lockers)...), delegated),
	)
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
