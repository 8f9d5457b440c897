// Package stack loads stacks: workers that push and pop in turn, producers beside
// consumers, and a pool of objects. Every measured window checks that what was popped,
// and what was left, is what was pushed. Short histories are checked for an order that
// explains them.
package stack

import (
	"errors"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
)

var about = harness.About{
	Pattern: "lock-free programming", Contract: "lockfree/stack", Baseline: "mutex", QuickShare: 4 * time.Second,
	MissingKinds: map[impls.Kind]string{
		impls.Runtime: "the standard library has no stack",
		impls.Library: "no widely used library has a concurrent stack",
	},
}

var (
	wordLoads = []harness.Workload[stacks.New[uint64]]{
		pairs,
		roles,
		pool,
		histories,
		tightHistories,
	}
	objectLoads = []harness.Workload[stacks.New[*Object]]{
		releases,
	}
)

// All is the suite over every stack of this project, the seeded bugs among them.
func All() []harness.Suite {
	words := append(stacks.All[uint64](), stacks.Broken[uint64]()...)
	objects := append(stacks.All[*Object](), stacks.Broken[*Object]()...)
	return []harness.Suite{
		harness.NewSuite(about, harness.Under(words, wordLoads...), harness.Under(objects, objectLoads...)),
	}
}

// Suite is the suite over the stacks given.
func Suite(table ...impls.Impl[stacks.New[uint64]]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, wordLoads...))
}

// Objects is the suite over the stacks given, of what they keep reachable.
func Objects(table ...impls.Impl[stacks.New[*Object]]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, objectLoads...))
}

var initial = harness.Param[int]{
	Key: "initial", About: "values on the stack at first, 0 to 100000", Default: 16, Valid: harness.Between(0, 100_000),
}

var (
	errFull  = errors.New("the stack refused a value although it had room")
	errEmpty = errors.New("the stack looked empty although it held more values than others could take")
)
