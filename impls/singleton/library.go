package singleton

import (
	"sync/atomic"

	"golang.org/x/sync/singleflight"
)

// Singleflight makes callers that arrive while the value is being built share one call of
// the initializer.
//
// Source: golang.org/x/sync v0.24.0, singleflight. singleflight does not cache, so an
// atomic pointer does.
// Progress: blocking; waiters sleep. After an error the next Get tries again. A panic of
// the initializer reaches all callers that share the call.
// Space: a mutex, a map and a pointer, and a record of the call during a build.
// Ordering: the store of the pointer synchronizes before the load that sees it.
// Wins: many keys that are built on demand. Loses: one value does not need the map.
//
// NewSingleflight makes it; it must not be copied.
type Singleflight[T any] struct {
	group singleflight.Group
	build func() (*T, error)
	value atomic.Pointer[T]
}

// NewSingleflight returns a singleton that is not built.
func NewSingleflight[T any](build func() (*T, error)) *Singleflight[T] {
	return &Singleflight[T]{build: either(build)}
}

// Get returns the value, or joins the call that builds it.
func (s *Singleflight[T]) Get() (*T, error) {
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	_, err, _ := s.group.Do("", func() (any, error) {
		if s.value.Load() != nil { // built since the first look
			return nil, nil
		}
		value, err := s.build()
		if err == nil {
			s.value.Store(value)
		}
		return nil, err
	})
	if err != nil { // of the shared call; another one may have built the value since
		return nil, err
	}
	return s.value.Load(), nil
}
