// Package singleton holds implementations of the thread-safe singleton: a value that its
// first user builds and all users share.
//
// The contract is Singleton. Get returns the same complete object to every caller. What
// the initializer wrote happens before every Get that returns the object. How often the
// initializer can run, and what its error or panic leaves behind, are promises. A value
// that comes with an error is dropped. An initializer that returns neither has failed
// with ErrNothing. An initializer may panic or call runtime.Goexit, which ends the call
// that runs it in the same way. Other calls may end like it, but none waits forever.
//
// To add an implementation, write it and add one line to All.
package singleton

import (
	"errors"

	"github.com/contendbench/contend/impls"
)

// Singleton is a value that is built on demand. Get returns it, or the error of the
// initializer.
type Singleton[T any] interface {
	Get() (*T, error)
}

// New makes a singleton from an initializer, which must not call Get of the same
// singleton.
type New[T any] = func(build func() (*T, error)) Singleton[T]

// The promises of singletons.
var (
	InitOnce = impls.Promise{
		Name: "init-once", Meaning: "runs the initializer only once, if that run succeeds",
	}
	RetriesErrors = impls.Promise{
		Name: "retries-errors", Meaning: "runs the initializer again in the next call after an error",
	}
	RetriesPanics = impls.Promise{
		Name: "retries-panics", Meaning: "runs the initializer again in the next call after a panic or runtime.Goexit",
	}
)

// ErrNothing is the error of an initializer that returns neither a value nor an error.
var ErrNothing = errors.New("singleton: the initializer returned neither a value nor an error")

// either returns an initializer that returns what build does, but either a value or an
// error.
func either[T any](build func() (*T, error)) func() (*T, error) {
	return func() (*T, error) {
		value, err := build()
		switch {
		case err != nil:
			return nil, err
		case value == nil:
			return nil, ErrNothing
		}
		return value, nil
	}
}
