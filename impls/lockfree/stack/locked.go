package stack

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Locked is a slice under a lock.
//
// Source: sync.Mutex; for NewSpinning the test and test-and-set of Rudolph and Segall
// 1984, §5.
// Progress: blocking.
// Space: a slice that grows and never shrinks.
// Ordering: that of the lock.
// Wins: with few processors. It does not allocate for each value.
// Loses: with many processors, and when the holder is descheduled, because that stops all
// others.
//
// Create it with NewLocked or NewSpinning. It must not be copied.
type Locked[T any] struct {
	lock   sync.Locker
	values []T
}

// NewLocked makes a stack under a sync.Mutex.
func NewLocked[T any]() *Locked[T] { return &Locked[T]{lock: new(sync.Mutex)} }

// NewSpinning makes a stack under a spin lock.
func NewSpinning[T any]() *Locked[T] { return &Locked[T]{lock: new(spinLock)} }

type spinLock struct{ held atomic.Bool }

func (l *spinLock) Lock() {
	var b cpu.Backoff
	for l.held.Load() || !l.held.CompareAndSwap(false, true) {
		b.Wait()
	}
}

func (l *spinLock) Unlock() { l.held.Store(false) }

// Push puts value on top.
func (s *Locked[T]) Push(value T) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.values = append(s.values, value)
	return true
}

// Pop removes the top value.
func (s *Locked[T]) Pop() (value T, ok bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	last := len(s.values) - 1
	if last < 0 {
		return value, false
	}
	value, s.values[last] = s.values[last], value // otherwise the slice would keep what was popped
	s.values = s.values[:last]
	return value, true
}

// Channel is a slice that is kept in a channel of capacity one. A goroutine that has
// taken it out owns it.
//
// Source: Hoare 1978, §5; Effective Go, Share by communicating.
// Progress: blocking. Waiters sleep, and are served in order of arrival.
// Space: a channel and a slice.
// Ordering: that of the channel.
// Wins: nowhere.
// Loses: two channel operations for each push and each pop.
//
// Create it with NewChannel. Copies are the same stack.
type Channel[T any] struct{ values chan []T }

// NewChannel makes a stack.
func NewChannel[T any]() *Channel[T] {
	s := &Channel[T]{make(chan []T, 1)}
	s.values <- nil
	return s
}

// Push puts value on top.
func (s *Channel[T]) Push(value T) bool {
	s.values <- append(<-s.values, value)
	return true
}

// Pop removes the top value.
func (s *Channel[T]) Pop() (value T, ok bool) {
	values := <-s.values
	last := len(values) - 1
	if ok = last >= 0; ok {
		value, values[last] = values[last], value
		values = values[:last]
	}
	s.values <- values
	return value, ok
}
