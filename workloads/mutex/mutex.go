// Package mutex loads locks: a shared counter, many locks with hot ones, a hog, long outliers, a lock around
// a real structure, a burst. Every window checks that no two goroutines were inside at once.
package mutex

import (
	"slices"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

var about = harness.About{Pattern: "mutex", Contract: "mutex", Baseline: "sync"}

// All is the pattern over every lock of this project, the seeded bugs among them.
func All() harness.Pattern {
	return pattern(append(locks.All(), locks.Broken()...), locks.Delegates())
}

// Pattern is the pattern over the locks given; each also runs as a delegate.
func Pattern(table ...impls.Impl[locks.New]) harness.Pattern {
	return pattern(table, locks.Adapt(table))
}

func pattern(lockers []impls.Impl[locks.New], doers []impls.Impl[locks.NewDoer]) harness.Pattern {
	return harness.NewPattern(about, lockers, works...).And(harness.NewPattern(about, doers, delegated))
}

// headline are the locks that quick shows at every point, beside a user's own; the others run at one point of
// the counter.
var headline = []string{"sync", "channel", "ttas-backoff", "mcs", "spin-park"}

// but returns the names of all locks and delegates of this project except those given.
func but(kept ...string) []string {
	var names []string
	for _, i := range locks.Delegates() {
		if !slices.Contains(kept, i.Name) {
			names = append(names, i.Name)
		}
	}
	return names
}

var (
	crowds = load.Goroutines.In(1, 2, 4, 8, 16, 64)
	few    = load.Goroutines.In(2, 3, 8)
	crowd  = load.Goroutines.In(64, 300) // 300: more than eight bits can number
)

// pure is the lock that takes a time slice a hand-over: with a crowd it is not hung, but looks it.
const pure = "ticket-pure"

var works = []harness.Workload[locks.New]{
	{
		Name: "counter", Op: "acquisition", About: "n workers, one lock, one short section", Fair: true,
		Params: []harness.AnyParam{load.Goroutines, load.Hold, load.Think, load.Yield}, Curve: load.Goroutines,
		Quick: []harness.Grid{
			harness.Over(load.Goroutines.In(8)).Without(pure),
			harness.Over(load.Goroutines.In(1, 2, 64)).Without(but(append(headline, "none")...)...),
		},
		Standard: []harness.Grid{
			harness.Over(crowds),
			harness.Over(load.Goroutines.In(2, 8, 64), load.Hold.In(1000), load.Think.In(0, 5000)),
			harness.Over(load.Goroutines.In(8), load.Yield.In(10)),
		},
		Full: []harness.Grid{harness.Over(crowds, load.Hold.In(0, 100, 1000, 10_000), load.Think.In(0, 1000, 10_000), load.Yield.In(0, 10))},
		Stress: []harness.Grid{
			harness.Over(few, load.Hold.In(0, 200), load.Think.In(0, 200), load.Yield.In(0, 1, 10)),
			harness.Over(crowd, load.Hold.In(0, 200), load.Yield.In(0, 1, 10)).Without(pure),
		},
		Run: counter,
	},
	{
		Name: "many", Op: "acquisition", About: "many locks, chosen by a zipf law",
		Params: []harness.AnyParam{load.Goroutines, lockCount, load.Theta, load.Hold, load.Think, load.Yield}, Curve: lockCount,
		Quick: []harness.Grid{harness.Over(lockCount.In(64)).Without(but(headline...)...)},
		Standard: []harness.Grid{
			harness.Over(load.Goroutines.In(8), lockCount.In(1, 4, 64, 1024), load.Theta.In(0.9)),
			harness.Over(load.Goroutines.In(64), lockCount.In(64), load.Theta.In(0, 0.9, 1.2)),
		},
		Stress: []harness.Grid{harness.Over(few, lockCount.In(2, 8)), harness.Over(crowd, lockCount.In(2)).Without(pure)},
		Run:    many,
	},
	{
		Name: "hog", Op: "acquisition by others", About: "one goroutine holds long and comes back at once", Fair: true,
		Params: []harness.AnyParam{load.Goroutines, load.Hold, hogHold}, Curve: hogHold,
		Quick:    []harness.Grid{harness.Over().Without(but(headline...)...)},
		Standard: []harness.Grid{harness.Over(hogHold.In(1000, 20_000, 100_000))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(3)), harness.Over(load.Goroutines.In(300)).Without(pure)},
		Run:      hog,
	},
	{
		Name: "outliers", Op: "acquisition", About: "a rare section is long",
		Params:   []harness.AnyParam{load.Goroutines, load.Hold, load.Think, load.Yield, outlier, outlierOne},
		Standard: []harness.Grid{harness.Over(outlier.In(50_000), outlierOne.In(500)), harness.Over(outlier.In(1_000_000), outlierOne.In(10_000))},
		Stress:   []harness.Grid{harness.Over(few), harness.Over(load.Goroutines.In(300)).Without(pure)},
		Run:      outliers,
	},
	{
		Name: "structure", Op: "operation of the structure", About: "a lock around an LRU cache or a heap",
		Params:   []harness.AnyParam{load.Goroutines, structure, capacity, load.Theta, load.Think},
		Standard: []harness.Grid{harness.Over(structure.In("lru", "heap"), load.Goroutines.In(2, 8, 64))},
		Stress:   []harness.Grid{harness.Over(structure.In("lru", "heap"), capacity.In(16))},
		Accepts:  competes, Run: around,
	},
	{
		Name: "burst", Op: "acquisition by the steady workers", About: "a crowd joins for the middle third of the window, and leaves",
		Params:   []harness.AnyParam{load.Goroutines, burstWorkers, load.Hold, load.Think},
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(2), load.Hold.In(1000), load.Think.In(0, 1000))},
		Stress:   []harness.Grid{harness.Over(load.Goroutines.In(2)).Without(pure)},
		Run:      burst,
	},
	{
		Name: "trylock", Op: "acquisition", About: "TryLock, and Lock after 16 failures",
		Params: []harness.AnyParam{load.Goroutines, load.Hold, load.Think, load.Yield}, Curve: load.Goroutines,
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8))},
		Stress:   []harness.Grid{harness.Over(few, load.Yield.In(0, 1)), harness.Over(crowd, load.Yield.In(0, 1)).Without(pure)},
		Accepts:  hasTry, Run: trylock,
	},
	{
		Name: "order", Op: "round of 4 waiters", About: "waiters line up behind a held lock; FIFO serves them in order",
		Params:  []harness.AnyParam{},
		Stress:  []harness.Grid{harness.Over()},
		Accepts: isFIFO, Run: order,
	},
}

// competes leaves the control out where a structure without a lock would crash.
func competes(i impls.Impl[locks.New]) bool { return i.Role != impls.Noop }

var delegated = harness.Workload[locks.NewDoer]{
	Name: "delegation", Op: "section", About: "the section is handed over as a function",
	Params: []harness.AnyParam{load.Goroutines, load.Hold, load.Think}, Curve: load.Goroutines,
	Quick:    []harness.Grid{harness.Over().Without(but("none", "sync", "mcs", "flat-combining", "owner")...)},
	Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64), load.Hold.In(0, 100))},
	Stress:   []harness.Grid{harness.Over(few), harness.Over(crowd).Without(pure)},
	Run:      delegation,
}
