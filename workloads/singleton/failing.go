package singleton

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// failing has an initializer whose first run returns an error.
var failing = harness.Workload[New]{
	Load: harness.Load{
		Name: "failing", Turn: "stampede",
		About:  "the first run of the initializer returns an error, and a later call builds",
		Params: []harness.AnyParam{load.Goroutines, buildNs, load.Yield},
		Needs:  []impls.Promise{singles.RetriesErrors}, Probes: []impls.Promise{singles.RetriesErrors},
		Points: harness.Points{Stress: afterFailure},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		return stampedes(t, newSingle, func() error { return errFirst }, (*callers).recovered)
	},
}

// afterFailure is where the loads with a failing initializer are stressed.
var afterFailure = []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8), load.Yield.In(0, 1))}
