// Package hashmap loads maps: mixes of reads and changes over few or many keys, maps that
// grow, Range beside writers, and goroutines that meet at the same keys. A value contains
// the number of its key. A check for an exact value reads a key with a single writer. So
// every window checks that no value is torn, foreign, stale or lost. Calls of one
// goroutine for extreme keys are compared with a Go map.
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
	model,
	churn,
	sized,
	moved,
	rangeGrowing,
	lives,
	whole,
	zeroValue,
}

var valueLoads = []harness.Workload[NewOfAny]{
	values,
	wholeValues,
}

// New makes the maps that most loads take.
type New = maps.New[uint64, uint64]

// NewOfAny makes maps for keys and values of any type.
type NewOfAny = maps.New[any, any]

// All is the suite over every map of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{Tables{
		Words:  append(maps.All[uint64](), maps.Broken[uint64]()...),
		Values: append(maps.AllOf[any, any](), maps.BrokenOfValues()...),
	}.Suite()}
}

// Tables are maps by the type of their keys and values. The same name in both tables is
// the same map. A map for keys of any type belongs in both.
type Tables struct {
	Words  []impls.Impl[New]
	Values []impls.Impl[NewOfAny] // for nil, NaN and other keys and values that a map may confuse
}

// Suite is the suite over the tables. It has no loads for a table that is empty.
func (t Tables) Suite() harness.Suite {
	parts := []harness.Part{harness.Under(t.Words, loads...)}
	if len(t.Values) > 0 {
		parts = append(parts, harness.Under(t.Values, valueLoads...))
	}
	return harness.NewSuite(about, parts...)
}

// Suite is the suite over the maps given.
func Suite(table ...impls.Impl[New]) harness.Suite { return Tables{Words: table}.Suite() }

var size = harness.Param[int]{
	Key: "size", About: "keys in the map, 1 to 10000000", Default: 1000, Valid: harness.Between(1, 10_000_000),
}
