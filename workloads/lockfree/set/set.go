// Package set loads sets: a mix of lookups and updates over a range of keys, half of
// which are in the set, and workers with keys of their own. Every measured window checks
// for each key that the updates which reported a change add up to what is in the set.
// Calls of one goroutine for extreme keys are compared with a Go map.
package set

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sets "github.com/contendbench/contend/impls/lockfree/set"
)

var about = harness.About{
	Pattern: "lock-free programming", Contract: "lockfree/set", Baseline: "coarse", QuickShare: 5 * time.Second,
	MissingKinds: map[impls.Kind]string{
		impls.Channel: "a set that goroutines pass through a channel is the coarse one with a slower lock",
	},
}

var loads = []harness.Workload[sets.New]{
	mix,
	own,
	histories,
	model,
	deep,
	lives,
	zeroValue,
}

// All is the suite over every set of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{
		Suite(append(sets.All(), sets.Broken()...)...),
	}
}

// Suite is the suite over the sets given.
func Suite(table ...impls.Impl[sets.New]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, loads...))
}
