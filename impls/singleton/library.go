package singleton

import (
	"sync/atomic"

	"golang.org/x/sync/singleflight"
)

// Singleflight lets those who come while the value is being built share the one call, and keeps what it returned.
//
// Source: golang.org/x/sync v0.24.0, singleflight, with an atomic pointer for the cache that it is not.
// After an error the next Get tries again. A panic of the initializer ends the process.
// Wins where many keys are built on demand; for one value it pays for a map.
type Singleflight[T any] struct {
	group singleflight.Group
	build func() (*T, error)
	value atomic.Pointer[T]
}

// NewSingleflight returns a singleton that is not built.
func NewSingleflight[T any](build func() (*T, error)) *Singleflight[T] {
	return &Singleflight[T]{build: build}
}

// Get returns the value, or shares the call that builds it.
func (s *Singleflight[T]) Get() (*T, error) {
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	_, err, _ := s.group.Do("", func() (any, error) {
		if s.value.Load() != nil { // built between the look and the call
			return nil, nil
		}
		value, err := s.build()
		if err == nil {
			s.value.Store(value)
		}
		return nil, err
	})
	return s.value.Load(), err
}
