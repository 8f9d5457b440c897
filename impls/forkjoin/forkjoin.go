// Package forkjoin holds schedulers of fork-join programs: a task forks others and joins
// them.
//
// The contract: every forked task runs exactly once. What was written before a Fork
// happens before the task. What tasks have written happens before the return of the Join
// that waits for them, and before the return of Run. A Join never deadlocks, however deep
// the tasks are nested and however few workers there are. A task must not call
// runtime.Goexit, and must not hold a lock during a Join: the Join may run any other
// task.
//
// What to choose: take Split where tasks are small and all of them are joined. Take
// ChaseLev where a task may wait for another one to start, because Split does not promise
// to start it. Where each task takes a millisecond, a goroutine for each is as good.
//
// To add an implementation, write its file and add one line to All.
package forkjoin

import "github.com/contendbench/contend/impls"

// Task is a part of a program. It forks and joins other tasks through its scope, which is
// for its own calls only.
type Task = func(Scope)

// Scope is what a running task has of its scheduler.
type Scope interface {
	// Fork makes a task that may run on any worker, now or later.
	Fork(task Task)
	// Join returns when all tasks that this scope has forked have returned. A task that
	// returns joins what it has not joined.
	Join()
}

// Pool runs programs on its workers.
type Pool interface {
	// Run runs a task and all that it forks, and returns when they have returned. Several
	// goroutines may call it at once, and so may tasks. The caller is one of the workers
	// until then.
	Run(task Task)
	// Close ends the workers. No Run may be under way.
	Close()
}

// New makes a pool with a number of workers. Implementations without workers of their own
// ignore it.
type New = func(workers int) Pool

// The promises of schedulers.
var (
	WorkConserving = impls.Promise{
		Name: "work-conserving", Meaning: "lets no worker idle while a forked task waits to be run",
	}
	BoundedWorkers = impls.Promise{
		Name:    "bounded-workers",
		Meaning: "executes at most as many tasks at a time as it has workers, of which the caller of Run is one",
	}
	PassesPanics = impls.Promise{
		Name:    "passes-panics",
		Meaning: "passes a task's panic to its Join, and at last to the caller of Run when all tasks have returned",
	}
)
