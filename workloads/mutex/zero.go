package mutex

import (
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// zeroValue is the counter with locks that no constructor made.
var zeroValue = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "zero-value", Turn: "acquisition", About: "the lock is a zero value of its type",
		Params:  counter.Params,
		Metrics: sectionMetrics,
		Needs:   []impls.Promise{impls.ZeroValue}, Probes: []impls.Promise{impls.ZeroValue},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(few, load.Yield.In(1))}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return runCounter(t, func() sync.Locker { return load.ZeroOf(newLock()) })
	},
}
