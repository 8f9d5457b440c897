// Package task holds pools that run tasks: worker pools, whose workers are goroutines, and
// thread pools, whose workers are operating-system threads.
//
// The contract: a task that Submit accepts runs exactly once, and a task that Submit
// refuses never runs. What was written before a Submit happens before its task. What the
// tasks have written happens before the return of Close. Close returns when all accepted
// tasks have run and the workers have ended; further calls of Close return then, too.
// How Submit behaves when the pool is full, and what a task may do to the pool, are
// promises.
//
// To add an implementation, write its file and add one line to Workers or Threads.
package task

import (
	"context"
	"errors"

	"github.com/contendbench/contend/impls"
)

// Pool runs tasks on its workers.
type Pool interface {
	// Submit gives the pool a task. The error is ErrFull, ErrClosed or that of ctx.
	Submit(ctx context.Context, task func()) error
	// Close accepts no more tasks and waits for those that were accepted. A task of the
	// pool must not call it.
	Close()
}

// New makes a pool with a number of workers, and room for a number of tasks that wait for
// one. Pools that are not Limited, and those of impls.Unbounded, ignore what they do not
// have.
type New = func(workers, queue int) Pool

// The promises of pools.
var (
	Limited = impls.Promise{Name: "limited", Meaning: "runs at most as many tasks at once as it has workers"}
	Blocks  = impls.Promise{Name: "blocks", Meaning: "makes a caller wait for room while it is full"}
	Rejects = impls.Promise{Name: "rejects", Meaning: "returns ErrFull from Submit when it is full, and never waits"}
	Nested  = impls.Promise{
		Name: "nested-submit", Meaning: "accepts tasks from its own tasks, also when all of its workers submit at once",
	}
	SurvivesPanic  = impls.Promise{Name: "survives-panic", Meaning: "loses nothing but the task when a task panics"}
	SurvivesGoexit = impls.Promise{
		Name: "survives-goexit", Meaning: "loses nothing but the task when a task calls runtime.Goexit",
	}
	RefusesLate = impls.Promise{Name: "refuses-late", Meaning: "returns ErrClosed from a Submit after Close"}
	CloseWakes  = impls.Promise{
		Name: "close-wakes", Meaning: "ends a Submit that waits when Close is called: it returns ErrClosed, or the task runs",
	}
	Threads = impls.Promise{
		Name: "threads", Meaning: "runs tasks on at most as many operating-system threads as it has workers, and reuses them",
	}
	Pinned = impls.Promise{Name: "pinned", Meaning: "binds each of its threads to one processor"}
)

var (
	// ErrFull is the error of a Submit for which there is no room.
	ErrFull = errors.New("task: the pool is full")
	// ErrClosed is the error of a Submit after Close.
	ErrClosed = errors.New("task: the pool is closed")
)
