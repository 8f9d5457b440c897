// Package forkjoin holds schedulers of fork-join programs: a task forks others and joins
// them.
//
// The contract: every forked task runs exactly once. What was written before a Fork
// happens before the task. What tasks have written happens before the return of the Join
// that waits for them, and before the return of Run. A Join never deadlocks, however deep
// the tasks are nested and however few workers there are.
//
// To add an implementation, write its file and add one line to All.
package forkjoin

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
	// goroutines may call it at once.
	Run(task Task)
	// Close ends the workers. No Run may be under way.
	Close()
}

// New makes a pool with a number of workers. Implementations without workers of their own
// ignore it.
type New = func(workers int) Pool
