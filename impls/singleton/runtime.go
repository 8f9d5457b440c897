package singleton

import "sync"

// Eager builds the value with the singleton, as a package variable does before main.
//
// Source: The Go Programming Language Specification, Package initialization.
// Wins in every read, which is a load; loses when the value is never used, or dear.
type Eager[T any] struct {
	value *T
	err   error
}

// NewEager runs the initializer.
func NewEager[T any](build func() (*T, error)) *Eager[T] {
	value, err := build()
	return &Eager[T]{value, err}
}

// Get returns what the initializer returned.
func (s *Eager[T]) Get() (*T, error) { return s.value, s.err }

// Once is sync.Once with two variables beside it, as Go programs were written before 1.21.
//
// Source: sync.Once.
// An error stays; after a panic every later Get returns neither a value nor an error.
// Wins as OnceValues does; loses to it in what a panic leaves.
type Once[T any] struct {
	once  sync.Once
	build func() (*T, error)
	value *T
	err   error
}

// NewOnce returns a singleton that is not built.
func NewOnce[T any](build func() (*T, error)) *Once[T] { return &Once[T]{build: build} }

// Get builds the value the first time.
func (s *Once[T]) Get() (*T, error) {
	s.once.Do(func() { s.value, s.err = s.build() })
	return s.value, s.err
}

// OnceValues is the standard library's.
//
// Source: sync.OnceValues.
// An error stays, and so does a panic: every Get panics with it again.
// Wins in plainness; loses a call through a function value to a pointer of one's own.
type OnceValues[T any] struct{ get func() (*T, error) }

// NewOnceValues returns a singleton that is not built.
func NewOnceValues[T any](build func() (*T, error)) *OnceValues[T] {
	return &OnceValues[T]{sync.OnceValues(build)}
}

// Get builds the value the first time.
func (s *OnceValues[T]) Get() (*T, error) { return s.get() }
