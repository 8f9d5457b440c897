// Package barrier loads barriers: phases with equal, unequal or no work, a stencil whose
// steps a barrier separates, parties that come and go, and a party that gives up. Every
// window checks that no party left a phase before all had arrived.
package barrier

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	barriers "github.com/contendbench/contend/impls/barrier"
)

var about = harness.About{
	Pattern: "barrier", Contract: "barrier", Baseline: "waitgroup", QuickShare: 9 * time.Second,
	MissingKinds: map[impls.Kind]string{
		impls.Library: "the maintained modules wrap sync.Cond or channels, which are here",
	},
}

var loads = []harness.Workload[barriers.New]{phases, stencil, changing, broken}

// All is the suite over every barrier of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{Suite(append(barriers.All(), barriers.Broken()...)...)}
}

// Suite is the suite over the barriers given.
func Suite(table ...impls.Impl[barriers.New]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, loads...))
}

var parties = harness.Param[int]{
	Key: "parties", About: "parties that meet, 1 to 10000", Default: 8, Valid: harness.Between(1, 10_000), Crowd: true,
}
