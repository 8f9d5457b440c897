package singleton

import "sync"

// Eager builds the value together with the singleton, as the initialization of a package
// variable does before main.
//
// Source: The Go Programming Language Specification, Package initialization.
// Progress: wait-free. An error is permanent. Space: the pointer and the error.
// Ordering: that of the publication of the singleton itself.
// Wins: a read is one load. Loses: the value is expensive, or never used.
//
// NewEager makes it.
type Eager[T any] struct {
	value *T
	err   error
}

// NewEager runs the initializer.
func NewEager[T any](build func() (*T, error)) *Eager[T] {
	value, err := either(build)()
	return &Eager[T]{value, err}
}

// Get returns what the initializer returned.
func (s *Eager[T]) Get() (*T, error) { return s.value, s.err }

// Once is sync.Once with two variables beside it, the idiom of Go before 1.21.
//
// Source: sync.Once.
// Progress: a read of a finished value is wait-free; a build blocks, and its waiters
// sleep. An error is permanent. After a panic every later Get returns neither a value nor
// an error.
// Space: a mutex and a flag, and the two variables.
// Ordering: the return of the initializer synchronizes before the return of every Do.
// Wins: a read is one load and one comparison. Loses: the callers after a panic get
// nothing, whereas OnceValues tells them.
//
// NewOnce makes it; it must not be copied.
type Once[T any] struct {
	once  sync.Once
	build func() (*T, error)
	value *T
	err   error
}

// NewOnce returns a singleton that is not built.
func NewOnce[T any](build func() (*T, error)) *Once[T] { return &Once[T]{build: either(build)} }

// Get builds the value the first time.
func (s *Once[T]) Get() (*T, error) {
	s.once.Do(func() { s.value, s.err = s.build() })
	return s.value, s.err
}

// OnceValues wraps sync.OnceValues.
//
// Source: sync.OnceValues.
// Progress: as Once. An error is permanent, and so is a panic: every Get panics with it
// again.
// Space: a closure, which holds what Once holds. Ordering: as Once.
// Wins: it is the simplest to write. Loses: a Get calls through a function value.
//
// NewOnceValues makes it.
type OnceValues[T any] struct{ get func() (*T, error) }

// NewOnceValues returns a singleton that is not built.
func NewOnceValues[T any](build func() (*T, error)) *OnceValues[T] {
	return &OnceValues[T]{sync.OnceValues(either(build))}
}

// Get builds the value the first time.
func (s *OnceValues[T]) Get() (*T, error) { return s.get() }
