package singleton

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// panicking has an initializer whose first run panics.
var panicking = harness.Workload[New]{
	Load: harness.Load{
		Name: "panicking", Turn: "stampede", About: "the first run of the initializer panics, and a later call builds",
		Params: []harness.AnyParam{load.Goroutines, buildNs, load.Yield},
		Needs:  []impls.Promise{singles.RetriesPanics}, Probes: []impls.Promise{singles.RetriesPanics},
		Points: harness.Points{Stress: afterFailure},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		return stampedes(t, newSingle, func() error { panic(errFirst) }, (*callers).recovered)
	},
}
