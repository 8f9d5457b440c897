// Package semaphore loads counting semaphores: permits fewer than workers, weights, cancellations, changes of
// size. Every window checks that no more permits are in use than there are, and that all come back.
package semaphore

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

var (
	permitCount = harness.Param[int]{Key: "permits", About: "permits, 1 to 100000", Default: 4, Valid: harness.Between(1, 100_000)}
	weight      = harness.Param[int]{Key: "weight", About: "permits that a heavy worker takes, at most all", Default: 3, Valid: harness.AtLeast(1)}
)

// All is the pattern over every semaphore of this project, the seeded bugs among them.
func All() harness.Pattern { return Pattern(append(sems.All(), sems.Broken()...)...) }

// Pattern is the pattern over the semaphores given.
func Pattern(table ...impls.Impl[sems.New]) harness.Pattern {
	about := harness.About{
		Pattern: "semaphore", Contract: "semaphore", Baseline: "xsync",
		Without: map[impls.Kind]string{impls.Runtime: "the standard library ships no semaphore"},
	}
	return harness.NewPattern(about, table, works...)
}

func has(p impls.Promise) func(impls.Impl[sems.New]) bool {
	return func(i impls.Impl[sems.New]) bool { return i.Has(p) }
}

var common = []harness.AnyParam{load.Goroutines, permitCount, load.Hold, load.Think}

var works = []harness.Workload[sems.New]{
	{
		Name: "permits", Op: "acquisition", About: "n workers, fewer permits, one each", Fair: true,
		Params: common, Curve: load.Goroutines, Plane: [2]harness.AnyParam{permitCount, load.Hold},
		Quick: []harness.Grid{harness.Over(load.Goroutines.In(8))},
		Standard: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 4, 8, 16, 64), permitCount.In(1, 4)),
			harness.Over(load.Goroutines.In(8), permitCount.In(1, 4, 16), load.Hold.In(0, 1000, 10_000)),
		},
		Stress: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64), permitCount.In(1, 2, 7), load.Hold.In(0, 200))},
		Run:    permits,
	},
	{
		Name: "weighted", Op: "acquisition", About: "every second worker takes several permits at once",
		Params: append([]harness.AnyParam{weight}, common...), Curve: load.Goroutines,
		Quick:    []harness.Grid{harness.Over(load.Goroutines.In(8))},
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64), weight.In(2, 4), load.Hold.In(0, 1000))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64), weight.In(2, 4))},
		Accepts:  has(impls.Weighted), Run: weighted,
	},
	{
		Name: "storm", Op: "acquisition by the patient", About: "as many impatient workers give up after 200 µs", Allocates: true,
		Params: common, Curve: load.Goroutines,
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(8, 64), permitCount.In(2), load.Hold.In(0, 10_000))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(4, 16), permitCount.In(1, 2), load.Hold.In(0, 100_000))},
		Accepts:  has(impls.Cancellable), Run: storm,
	},
	{
		Name: "resize", Op: "acquisition", About: "the number of permits changes every millisecond, between half and twice",
		Params:   common,
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(8, 64))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(8), permitCount.In(1, 4))},
		Accepts:  has(impls.Resizable), Run: resize,
	},
	{
		Name: "handover", Op: "hand-over", About: "the only permit is released just as a partner begins to wait",
		Standard: []harness.Grid{harness.Over()},
		Stress:   []harness.Grid{harness.Over()},
		Run:      handover,
	},
	{
		Name: "order", Op: "round of 2 waiters", About: "a heavy waiter stands before a light one; FIFO serves it first",
		Stress:  []harness.Grid{harness.Over()},
		Accepts: has(impls.FIFO), Run: order,
	},
	{
		Name: "lone", Op: "acquisition by the heavy one", About: "one that needs all permits comes among others who overlap for ever, and must get them",
		Stress:  []harness.Grid{harness.Over()},
		Accepts: has(impls.StarvationFree), Run: lone,
	},
	{
		Name: "cancelled-head", Op: "round of 2 waiters", About: "a heavy waiter at the head is cancelled; the light one behind it fits",
		Stress: []harness.Grid{harness.Over()},
		Accepts: func(i impls.Impl[sems.New]) bool {
			return i.Has(impls.Weighted) && i.Has(impls.Cancellable) && i.Role != impls.Noop
		}, Run: cancelledHead,
	},
	{
		Name: "history", Op: "history", About: "short histories of acquisitions and releases, of which some order must explain each",
		Params: append([]harness.AnyParam{permitCount}, load.History...),
		Stress: []harness.Grid{harness.Over(permitCount.In(1, 2), load.Clients.In(2, 3, 4))},
		Run:    recorded,
	},
}
