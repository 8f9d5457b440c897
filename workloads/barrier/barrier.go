// Package barrier loads barriers: phases with equal, unequal or no work, a stencil whose
// steps a barrier separates, parties that come and go, and a party that gives up. Every
// window checks that no party left a phase before all had arrived. What the parties note
// for each other lies in plain memory, so that the race detector sees a missing order.
package barrier

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	barriers "github.com/contendbench/contend/impls/barrier"
)

var about = harness.About{
	Pattern: "barrier", Contract: "barrier", Baseline: "waitgroup", QuickShare: 7 * time.Second,
	MissingKinds: map[impls.Kind]string{
		impls.Library: "the maintained modules wrap sync.Cond or channels, which are here",
	},
}

var loads = []harness.Workload[barriers.New]{
	phases,
	stencil,
	changing,
	broken,
	reuse,
	lives,
	wake,
	wakeByEnd,
	wakeByLeave,
	beside,
	watchers,
}

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

// crowd is more parties than eight, nine or ten bits can number.
var crowd = harness.Within(parties, 9, 1200)

// cancels is the method of impls.Cancellable.
func cancels(newBarrier barriers.New) (name string, has bool) {
	_, has = newBarrier(2).(barriers.Canceller)
	return "WaitContext", has
}

// resizes are the methods of impls.Resizable.
func resizes(newBarrier barriers.New) (name string, has bool) {
	_, has = newBarrier(2).(barriers.Phaser)
	return "Register or Leave", has
}
