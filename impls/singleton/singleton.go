// Package singleton holds implementations of the thread-safe singleton: a value that is built by its first user and
// shared by all.
//
// The contract is Singleton: Get returns the same complete object to everybody, and what its initializer wrote happens
// before any Get that returns it. How often the initializer may run, and what its error or panic leaves behind, are promises.
//
// To add an implementation, write it and add one line to All.
package singleton

// Singleton is a value built on demand. Get returns it, or the error of the initializer.
type Singleton[T any] interface {
	Get() (*T, error)
}

// New makes a singleton of an initializer, which must not call Get of the same singleton.
type New[T any] = func(build func() (*T, error)) Singleton[T]
