// Package future holds futures and promises: a value that is set once and that many
// goroutines wait for.
//
// The contract: the first Resolve or Reject decides, and is the only one that returns
// true. Every Get that began before or begins later returns that outcome, unless its
// context ends first. Every callback is called exactly once, also one that is added after
// the decision. A callback must not panic. What was written before the deciding call
// happens before the return of Get and before the callbacks.
//
// What to choose: take Lazy. It costs one atomic operation to decide, and makes a channel
// only when a goroutine waits. Combine has All, Any and Race over promises of any kind.
//
// To add an implementation, write its file and add one line to All.
package future

import (
	"context"

	"github.com/contendbench/contend/impls"
)

// Future is the read side of a promise.
type Future[T any] interface {
	// Get waits for the outcome. It returns the error of Reject, or that of ctx if ctx
	// ends first. If both are there, it returns the outcome.
	Get(ctx context.Context) (T, error)
	// Then has f called with the outcome. Callbacks run one after the other, in the
	// deciding goroutine, in the caller of Then, or in a goroutine of their own. A callback
	// may call any method of the promise and its future.
	Then(f func(T, error))
}

// Promise is the write side.
type Promise[T any] interface {
	Future[T]
	// Resolve decides on a value, and reports whether it was the first to decide.
	Resolve(value T) bool
	// Reject decides on an error, which must not be nil.
	Reject(err error) bool
}

// New makes a promise that is not decided.
type New[T any] = func() Promise[T]

// outcome is what a promise is decided on.
type outcome[T any] struct {
	value T
	err   error
}

// The promises that implementations make.
var (
	InOrder = impls.Promise{Name: "in-order", Meaning: "calls callbacks in the order in which they were added"}
	Inline  = impls.Promise{
		Name: "inline", Meaning: "has called the callbacks that were there when the deciding call returns",
	}
)
