package distlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// late releases each lease a second time, while its client holds the key by the next one.
// That must free nothing.
var late = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "late", Turn: "acquisition", About: "clients release each lease again while they hold the next",
		Params:    common,
		Metrics:   []harness.Metric{handoverTime},
		Probes:    []impls.Promise{locks.Fenced},
		Allocates: true, Takes: clientsTake,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(waiters, 2, 64), lastsMs.In(20))}},
	},
	Run: func(t *harness.Trial, b locks.Backend) error {
		return clientLoad{keys: 1, releaseTwice: true}.run(t, b)
	},
	Helpers: helpers,
}
