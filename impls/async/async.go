// Package async holds executors of asynchronous functions: code that reads sequentially
// and gives its worker away while it waits.
//
// The contract: every function that Go starts runs once, and its task ends with what it
// returned. Await returns that to every caller. A panic of a function reaches all that
// await its task, as a *Panic. When the context of a function ends, its Await and Sleep
// return that error; the function itself decides when to return. What was written before
// Go happens before the function, and what the function wrote happens before the return of
// an Await of its task. After Close, no goroutine of the executor is left. A function must
// not call runtime.Goexit, and must not await its own task.
//
// What to choose: take a goroutine for each function (Goroutine), which is the fastest
// with several cores. Take Loop where functions share data that needs no lock then, and
// Bounded where too many must not run at once. Continuation-passing code (Callbacks) is
// the leanest, and the hardest to read.
//
// To add an implementation, write its file and add one line to All.
package async

import (
	"context"
	"fmt"
	"time"

	"github.com/contendbench/contend/impls"
)

// Func is an asynchronous function. It waits through its flow only, so that its executor
// can run another function during the wait.
type Func[T any] func(Flow[T]) (T, error)

// Flow is what a running function has of its executor. It is for the function's own calls
// only.
type Flow[T any] interface {
	// Context is that which was given to Go.
	Context() context.Context
	// Go starts another function on the same executor, with the flow's context.
	Go(f Func[T]) Task[T]
	// Await waits for a task of the same executor.
	Await(Task[T]) (T, error)
	// Gather waits for all of the tasks. It returns their values in the order of its
	// arguments, and the first error in that order. Beside an error, the values mean nothing.
	Gather(tasks ...Task[T]) ([]T, error)
	// Sleep waits for a time, as input and output do.
	Sleep(d time.Duration) error
}

// Task is a function that was started.
type Task[T any] interface {
	// Await is for callers that are no functions of the executor. It returns early with
	// the error of ctx if ctx ends first; the function continues.
	Await(ctx context.Context) (T, error)
}

// Executor runs asynchronous functions.
type Executor[T any] interface {
	// Go starts a function.
	Go(ctx context.Context, f Func[T]) Task[T]
	// Close waits for all functions and ends the executor.
	Close()
}

// New makes an executor that runs at most a number of functions at the same instant.
// Executors that do not promise Limited ignore the number.
type New[T any] = func(workers int) Executor[T]

// The promises of executors.
var (
	Limited = impls.Promise{
		Name: "limited", Meaning: "runs at most as many tasks at once as it has workers",
	}
	SingleThreaded = impls.Promise{
		Name: "single-threaded", Meaning: "runs functions one at a time, from wait to wait, so that they need no lock",
		Covers: "limited",
	}
	Structured = impls.Promise{
		Name:    "structured",
		Meaning: "ends a function only after those that it has started, and cancels these if it fails",
	}
)

// Panic is the error of a task whose function panicked.
type Panic struct {
	Value any
	Stack []byte
}

// Error says what the function panicked with.
func (p *Panic) Error() string { return fmt.Sprintf("async: a function panicked: %v", p.Value) }
