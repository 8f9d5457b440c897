package singleton

import "sync/atomic"

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// Never use them.

// doneEarly is Once written by hand that is done as soon as the initializer starts. A
// caller that arrives during the initializer gets nothing.
type doneEarly[T any] struct {
	Once[T]
	done atomic.Bool
}

func (s *doneEarly[T]) Get() (*T, error) {
	if s.done.CompareAndSwap(false, true) { // bug: Once is done when the initializer has returned
		s.value, s.err = s.build()
	}
	return s.value, s.err
}

// checkedOnce is DoubleChecked without the second look. A caller that waited for the lock
// builds again.
type checkedOnce[T any] struct{ DoubleChecked[T] }

func (s *checkedOnce[T]) Get() (*T, error) {
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	value, err := s.build() // bug: DoubleChecked looks at the value again first
	if err != nil {
		return nil, err
	}
	s.value.Store(value)
	return value, nil
}

// loserReturned is CASPublish that returns what the caller built, even if another value
// was published.
type loserReturned[T any] struct{ CASPublish[T] }

func (s *loserReturned[T]) Get() (*T, error) {
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	value, err := s.build()
	if err != nil {
		return nil, err
	}
	s.value.CompareAndSwap(nil, value)
	return value, nil // bug: CASPublish returns the published value
}

// panicPublishes is DoubleChecked that publishes in a deferred call, which also runs on a
// panic.
type panicPublishes[T any] struct{ DoubleChecked[T] }

func (s *panicPublishes[T]) Get() (*T, error) {
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	value, err := new(T), error(nil)
	defer func() { s.value.Store(value) }() // bug: DoubleChecked stores after the initializer has returned
	value, err = s.build()
	return value, err
}
