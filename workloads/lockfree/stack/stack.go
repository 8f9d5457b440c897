// Package stack loads stacks: workers that push and pop in turn, producers beside
// consumers, and a pool of objects. Every measured window checks that what was popped,
// and what was left, is what was pushed. Short histories are checked for an order that
// explains them, and long walks of one goroutine are compared with a slice.
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
		model,
		lives,
		unbounded,
		bounded,
		zeroValue,
	}
	objectLoads = []harness.Workload[stacks.New[*Object]]{
		releases,
	}
	valueLoads = []harness.Workload[stacks.New[any]]{
		values,
	}
)

// All is the suite over every stack of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{Tables{
		Words:   append(stacks.All[uint64](), stacks.Broken[uint64]()...),
		Objects: append(stacks.All[*Object](), stacks.Broken[*Object]()...),
		Values:  append(stacks.All[any](), stacks.BrokenOfValues()...),
	}.Suite()}
}

// Tables are stacks by the type of their values. The same name in several tables is the
// same stack. A stack for values of any type belongs in all of them.
type Tables struct {
	Words   []impls.Impl[stacks.New[uint64]]
	Objects []impls.Impl[stacks.New[*Object]] // for what a stack keeps reachable
	Values  []impls.Impl[stacks.New[any]]     // for nil and other values that a stack may take for none
}

// Suite is the suite over the tables. It has no loads for a table that is empty.
func (t Tables) Suite() harness.Suite {
	var parts []harness.Part
	if len(t.Words) > 0 {
		parts = append(parts, harness.Under(t.Words, wordLoads...))
	}
	if len(t.Objects) > 0 {
		parts = append(parts, harness.Under(t.Objects, objectLoads...))
	}
	if len(t.Values) > 0 {
		parts = append(parts, harness.Under(t.Values, valueLoads...))
	}
	return harness.NewSuite(about, parts...)
}

// Suite is the suite over stacks of words.
func Suite(table ...impls.Impl[stacks.New[uint64]]) harness.Suite {
	return Tables{Words: table}.Suite()
}

// Objects is the suite over the stacks given, of what they keep reachable.
func Objects(table ...impls.Impl[stacks.New[*Object]]) harness.Suite {
	return Tables{Objects: table}.Suite()
}

var initial = harness.Param[int]{
	Key: "initial", About: "values on the stack at first, 0 to 100000", Default: 16, Valid: harness.Between(0, 100_000),
}

var (
	errFull  = errors.New("the stack refused a value although it had room")
	errEmpty = errors.New("the stack looked empty although it held more values than others could take")
)
