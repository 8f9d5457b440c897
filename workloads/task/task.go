// Package task loads pools that run tasks: bursts of tasks of every size, tasks that their
// submitters wait for, trees of tasks, long tasks among short ones, deep stacks and
// blocking system calls. Every window checks that each accepted task ran once, and that
// Close returned after the last. What a task works on lies in plain memory, so that the
// race detector sees a pool that does not hand it over.
package task

import (
	"runtime"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
	"github.com/contendbench/contend/workloads/load"
)

// loads run on every pool: the rows of both suites meet at their points.
var loads = []harness.Workload[tasks.New]{
	submit,
	wait,
	open,
	nested,
	tail,
	deep,
	blocking,
	handoff,
	idle,
	queued,
	lives,
	beside,
	closers,
	limit,
	wake,
	inside,
	panics,
	exits,
	late,
	closeWakes,
	cancelled,
	full,
	fullWaits,
	unbounded,
	lull,
	traces,
}

// threadLoads run on thread pools only.
var threadLoads = []harness.Workload[tasks.New]{
	affine,
	threads,
	threadTraces,
	pinned,
}

// All returns the suites over every pool of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{
		Workers(append(tasks.Workers(), tasks.BrokenWorkers()...)...),
		Threads(append(tasks.ThreadPools(), tasks.BrokenThreads()...)...),
	}
}

// Workers is the suite over the worker pools given.
func Workers(table ...impls.Impl[tasks.New]) harness.Suite {
	about := harness.About{
		Pattern: "worker pool", Contract: "task", Name: "worker", Baseline: "goroutine", QuickShare: 20 * time.Second,
		MissingKinds: map[impls.Kind]string{impls.Spin: "an idle worker that spins takes a processor from the tasks"},
	}
	return harness.NewSuite(about, harness.Under(table, loads...), harness.Asked(table, questions...))
}

// Threads is the suite over the thread pools given.
func Threads(table ...impls.Impl[tasks.New]) harness.Suite {
	about := harness.About{
		Pattern: "thread pool", Contract: "task", Name: "thread", Baseline: "locked-channel", QuickShare: 4 * time.Second,
		MissingKinds: map[impls.Kind]string{
			impls.Spin:    "an idle worker that spins takes a processor from the tasks",
			impls.Runtime: "the standard library ships no thread pool",
			impls.Library: "the maintained modules run tasks on goroutines",
		},
	}
	return harness.NewSuite(about,
		harness.Under(table, append(loads[:len(loads):len(loads)], threadLoads...)...), harness.Asked(table, questions...))
}

var (
	submitters = harness.Param[int]{
		Key: "submitters", About: "goroutines that submit tasks, 1 to 10000", Default: 4,
		Valid: harness.Between(1, 10_000), Crowd: true,
	}
	workers = harness.Param[int]{
		Key: "workers", About: "workers of the pool, 0 to 10000; 0: one for each processor", Default: 0,
		Valid: harness.Between(0, 10_000), Crowd: true,
	}
	queue = harness.Param[int]{
		Key: "queue", About: "tasks that the pool has room for beside those that run, 0 to 1000000", Default: 1024,
		Valid: harness.Between(0, 1_000_000),
	}
	taskNs = harness.Param[int]{
		Key: "task-ns", About: "work of a task, ns", Default: 0, Valid: harness.Between(0, 1_000_000_000),
	}
	each = harness.Param[int]{
		Key: "tasks", About: "tasks of each submitter in the life of a pool, 1 to 100000", Default: 20,
		Valid: harness.Between(1, 100_000),
	}
)

// poolSize returns the workers and the room of the pool that the trial's point asks for.
func poolSize(t *harness.Trial) (n, room int) {
	if n = workers.Of(t); n == 0 {
		n = runtime.GOMAXPROCS(0)
	}
	return n, queue.Of(t)
}

// Pools and queues as stress runs draw them: tiny ones, some of any size, and crowds.
var (
	tinyPools  = []harness.Axis{workers.In(1, 2, 3), queue.In(0, 1, 2)}
	smallPools = []harness.Axis{harness.Within(workers, 1, 20), harness.Within(queue, 1, 40)}
	largePools = []harness.Axis{harness.Within(workers, 20, 600), harness.Within(queue, 1, 600)}
)

// over returns the grid of the axes of some pools and others.
func over(pools []harness.Axis, others ...harness.Axis) harness.Grid {
	return harness.Over(append(pools[:len(pools):len(pools)], others...)...)
}

// playLives is the body of a load whose turn is a round on a fresh pool.
func playLives(t *harness.Trial, round func(w *harness.Worker) error) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("life", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := round(w); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// lone is the points of a load that stress runs play at their defaults.
var lone = harness.Points{Stress: load.Once}
