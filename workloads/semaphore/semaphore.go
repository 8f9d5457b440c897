// Package semaphore loads counting semaphores: fewer permits than workers, weights,
// cancellations, changes of size. Every window checks that no more permits are in use
// than there are, and that all come back.
package semaphore

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

var about = harness.About{
	Pattern: "semaphore", Contract: "semaphore", Baseline: "golang-semaphore",
	MissingKinds: map[impls.Kind]string{impls.Runtime: "the standard library ships no semaphore"},
	QuickShare:   8 * time.Second,
}

var loads = []harness.Workload[sems.New]{
	permits,
	weighted,
	storm,
	resize,
	handover,
	order,
	line,
	newcomer,
	lone,
	starve,
	cancelledHead,
	lives,
	aged,
	exclusive,
	wake,
	longWait,
	wakeAll,
	beside,
	contexts,
	traces,
	events,
	calls,
	tryHeld,
	panics,
	histories,
}

// All is the suite over every semaphore of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{
		Suite(append(sems.All(), sems.Broken()...)...),
	}
}

// Suite is the suite over the semaphores given.
func Suite(table ...impls.Impl[sems.New]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, loads...))
}

var (
	permitCount = harness.Param[int]{
		Key: "permits", About: "permits, 1 to 100000", Default: 4, Valid: harness.Between(1, 100_000),
	}

	common = []harness.AnyParam{load.Goroutines, permitCount, load.Hold, load.Think}

	few   = load.Goroutines.In(2, 3, 8)
	crowd = harness.Within(load.Goroutines, 9, 1200) // more than nine or ten bits can number
)

// looks is how many milliseconds a goroutine waits for one that must be served.
const looks = 250

// inTime receives from done, before the caller's patience ends. It counts looks and not
// time, because the machine may stall.
func inTime[T any](done <-chan T) (value T, ok bool) {
	for range looks {
		select {
		case value = <-done:
			return value, true
		case <-time.After(time.Millisecond):
		}
	}
	return value, false
}
