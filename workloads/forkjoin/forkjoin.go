// Package forkjoin loads schedulers of fork-join programs with the programs of the field,
// and compares every result with a known value or with that of the sequential program.
// Loads for stress runs check that each task runs once, that a Join waits for all that it
// must wait for and never deadlocks, that no worker sleeps while a task waits, and what a
// panic does.
package forkjoin

import (
	"runtime"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

var about = harness.About{
	Pattern: "fork-join", Contract: "forkjoin", Baseline: "goroutine",
	MissingKinds: map[impls.Kind]string{impls.Spin: "a worker that finds no task for a while sleeps"},
	QuickShare:   11 * time.Second,
}

var loads = []harness.Workload[forks.New]{
	fibonacci,
	queens,
	quicksort,
	mergesort,
	matrices,
	uts,
	skynet,
	uneven,
	trees,
	runs,
	lives,
	wake,
	gather,
	limit,
	panics,
}

// All is the suite over every scheduler of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{Suite(append(forks.All(), forks.Broken()...)...)}
}

// Suite is the suite over the schedulers given.
func Suite(table ...impls.Impl[forks.New]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, loads...))
}

// workers is the size of a pool.
var workers = harness.Param[int]{
	Key: "workers", About: "workers of the pool, 1 to 10000, 0: one for each processor", Default: 0,
	Valid: harness.Between(0, 10_000), Crowd: true,
}

func workersOf(t *harness.Trial) int {
	if n := workers.Of(t); n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// few are pools for stress runs: a worker alone, as many as processors, and too many.
var few = workers.In(1, 2, 3, 8, 40)
