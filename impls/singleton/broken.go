package singleton

import (
	"sync/atomic"
	"time"
	"weak"

	"github.com/contendbench/contend/impls/cpu"
)

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

// secondStays is DoubleChecked that keeps the error of its second failure.
type secondStays[T any] struct {
	DoubleChecked[T]
	failures int   // …
	err      error // …
}

func (s *secondStays[T]) Get() (*T, error) {
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if value := s.value.Load(); value != nil || s.failures == 2 { // bug: DoubleChecked tries again
		return value, s.err
	}
	value, err := s.build()
	if err != nil {
		s.failures++ // …
		s.err = err  // …
		return nil, err
	}
	s.value.Store(value)
	return value, nil
}

// impatient is Spin whose waiter builds itself after 2 ms.
type impatient[T any] struct{ Spin[T] }

func (s *impatient[T]) Get() (*T, error) {
	var wait cpu.Spinner
	for start := time.Now(); ; {
		if value := s.value.Load(); value != nil {
			return value, nil
		}
		free := !s.busy.Load() && s.busy.CompareAndSwap(false, true)
		if free || time.Since(start) > 2*time.Millisecond { // bug: Spin waits for the flag
			return s.fill()
		}
		wait.Turn()
	}
}

// polls is Spin whose waiter looks every 3 ms.
type polls[T any] struct{ Spin[T] }

func (s *polls[T]) Get() (*T, error) {
	for {
		if value := s.value.Load(); value != nil {
			return value, nil
		}
		if !s.busy.Load() && s.busy.CompareAndSwap(false, true) {
			return s.fill()
		}
		time.Sleep(3 * time.Millisecond) // bug: Spin looks again at once
	}
}

// weakly is Mutex that holds its value by a weak pointer. The collector takes the value
// when no caller holds it.
type weakly[T any] struct {
	Mutex[T]
	held weak.Pointer[T] // bug: Mutex has a strong pointer
}

func (s *weakly[T]) Get() (*T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if value := s.held.Value(); value != nil { // …
		return value, nil
	}
	value, err := s.build()
	if err == nil {
		s.held = weak.Make(value) // …
	}
	return value, err
}

// keepsBoth is Mutex that takes what the initializer returns as it is: a value that comes
// with an error, too, and neither for a success.
type keepsBoth[T any] struct{ Mutex[T] }

func newKeepsBoth[T any](build func() (*T, error)) *keepsBoth[T] {
	return &keepsBoth[T]{Mutex[T]{build: build}} // bug: Mutex drops such a value
}

// exitLocked is Mutex that unlocks after a panic, but not when the initializer ends its
// goroutine.
type exitLocked[T any] struct{ Mutex[T] }

func (s *exitLocked[T]) Get() (value *T, err error) {
	s.mu.Lock() // bug: Mutex defers Unlock
	defer func() {
		if p := recover(); p != nil {
			s.mu.Unlock()
			panic(p)
		}
	}()
	if s.value == nil {
		s.value, err = s.build()
	}
	value = s.value
	s.mu.Unlock()
	return value, err
}

// expires is DoubleChecked that drops its value after some time.
type expires[T any] struct {
	DoubleChecked[T]
	born atomic.Int64 // Unix time, ns
}

func (s *expires[T]) Get() (*T, error) {
	now := time.Now().UnixNano()
	if s.value.Load() == nil {
		s.born.Store(now)
	} else if now-s.born.Load() > int64(300*time.Millisecond) { // bug: DoubleChecked keeps its value
		s.value.Store(nil)
	}
	return s.DoubleChecked.Get()
}
