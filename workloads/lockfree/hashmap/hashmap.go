// Package hashmap loads maps: mixes of reads and changes over few or many keys, maps that
// grow, Range beside writers, and goroutines that meet at the same keys. A value contains
// the number of its key. A check for an exact value reads a key with a single writer. So
// every window checks that no value is torn, foreign, stale or lost.
package hashmap

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
)

var about = harness.About{
	Pattern: "lock-free programming", Contract: "lockfree/hashmap", Baseline: "sync-map", QuickShare: 6 * time.Second,
}

var loads = []harness.Workload[New]{
	mix,
	growing,
	ranging,
	snapshot,
	winner,
	ownWrite,
	taken,
	histories,
}

// New makes the maps that are loaded here.
type New = maps.New[uint64, uint64]

// All is the suite over every map of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{
		Suite(append(maps.All[uint64](), maps.Broken[uint64]()...)...),
	}
}

// Suite is the suite over the maps given.
func Suite(table ...impls.Impl[New]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, loads...))
}

var size = harness.Param[int]{
	Key: "size", About: "keys in the map, 1 to 10000000", Default: 1000, Valid: harness.Between(1, 10_000_000),
}
