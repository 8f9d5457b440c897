package rwlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// zeroValue is the mix with locks that no constructor made.
var zeroValue = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "zero-value", Turn: "section", About: "the lock is a zero value of its type",
		Params: mix.Params,
		Needs:  []impls.Promise{impls.ZeroValue}, Probes: []impls.Promise{impls.ZeroValue},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(few, readPct.In(50, 90))}},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return runMix(t, func() locks.RWLocker { return load.ZeroOf(newLock()) })
	},
}
