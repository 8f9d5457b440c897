package cell

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Locked is a value under a lock, which NewMutex and NewSpin choose.
//
// Source: sync.Mutex; for NewSpin the test and test-and-set of Rudolph and Segall 1984,
// §5.
// Progress: blocking; waiters sleep, or spin and yield. Space: the value and the lock.
// Ordering: that of the lock.
// Wins: contended updates that take long, since none is done in vain. Loses: readers wait
// for writers, and a holder that is preempted stops all others.
//
// NewMutex and NewSpin make it; it must not be copied.
type Locked[T comparable] struct {
	lock  sync.Locker
	value T
}

// NewMutex makes a cell under a sync.Mutex.
func NewMutex[T comparable](initial T) *Locked[T] {
	return &Locked[T]{lock: new(sync.Mutex), value: initial}
}

// NewSpin makes a cell under a spin lock.
func NewSpin[T comparable](initial T) *Locked[T] {
	return &Locked[T]{lock: new(spinLock), value: initial}
}

type spinLock struct{ held atomic.Bool }

func (l *spinLock) Lock() {
	var b cpu.Backoff
	for l.held.Load() || !l.held.CompareAndSwap(false, true) {
		b.Wait()
	}
}

func (l *spinLock) Unlock() { l.held.Store(false) }

// Load returns the value.
func (c *Locked[T]) Load() T {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.value
}

// CompareAndSwap replaces old by new.
func (c *Locked[T]) CompareAndSwap(old, new T) bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.value != old {
		return false
	}
	c.value = new
	return true
}

// Update replaces the value.
func (c *Locked[T]) Update(next func(T) T) T {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.value = next(c.value)
	return c.value
}
