package cas

import (
	"sync"
	"sync/atomic"
)

// Pointer is a pointer to a box that is never changed; a new value comes in a new box. A box cannot come back while
// somebody still has its address, so the garbage collector rules ABA out.
//
// Source: Herlihy 1990, §3 (small objects); sync/atomic.Pointer.
// Progress: lock-free. Space: a box for each value that was tried. Ordering: sequentially consistent.
// Wins: readers, who never wait and copy nothing. Loses: an allocation for each try.
//
// NewPointer makes it; it must not be copied.
type Pointer[T comparable] struct{ box atomic.Pointer[T] }

// NewPointer makes a cell.
func NewPointer[T comparable](initial T) *Pointer[T] {
	c := &Pointer[T]{}
	c.box.Store(&initial)
	return c
}

// Load returns the value.
func (c *Pointer[T]) Load() T { return *c.box.Load() }

// CompareAndSwap replaces old by new. An equal value in another box is old, too.
func (c *Pointer[T]) CompareAndSwap(old, new T) bool {
	for {
		box := c.box.Load()
		if *box != old {
			return false
		}
		if c.box.CompareAndSwap(box, &new) {
			return true
		}
	}
}

// Update replaces the value.
func (c *Pointer[T]) Update(next func(T) T) T {
	for {
		box := c.box.Load()
		value := next(*box)
		if c.box.CompareAndSwap(box, &value) {
			return value
		}
	}
}

// PointerBackoff is Pointer that stays away after a failure of Update, longer each time.
//
// Source: as Pointer; Dice, Hendler and Mirsky 2013, §2.
// Progress: lock-free. Space, Ordering: as Pointer.
// Wins: contention on many processors, where a failure is an allocation for nothing. Loses: fairness.
//
// NewPointerBackoff makes it; it must not be copied.
type PointerBackoff[T comparable] struct{ Pointer[T] }

// NewPointerBackoff makes a cell.
func NewPointerBackoff[T comparable](initial T) *PointerBackoff[T] {
	c := &PointerBackoff[T]{}
	c.box.Store(&initial)
	return c
}

// Update replaces the value.
func (c *PointerBackoff[T]) Update(next func(T) T) T {
	var b backoff
	for {
		box := c.box.Load()
		value := next(*box)
		if c.box.CompareAndSwap(box, &value) {
			return value
		}
		b.wait()
	}
}

// Value is sync/atomic.Value, which boxes values as interfaces and compares them so.
//
// Source: sync/atomic.Value.
// Progress: lock-free. Space: a box for each value that was tried. Ordering: sequentially consistent.
// Wins: no type parameter. Loses: the comparison through interfaces.
//
// NewValue makes it; it must not be copied.
type Value[T comparable] struct{ value atomic.Value }

// NewValue makes a cell.
func NewValue[T comparable](initial T) *Value[T] {
	c := &Value[T]{}
	c.value.Store(initial)
	return c
}

// Load returns the value.
func (c *Value[T]) Load() T { return c.value.Load().(T) }

// CompareAndSwap replaces old by new. atomic.Value fails also when an equal value in another box came between.
func (c *Value[T]) CompareAndSwap(old, new T) bool {
	for !c.value.CompareAndSwap(old, new) {
		if c.Load() != old {
			return false
		}
	}
	return true
}

// Update replaces the value.
func (c *Value[T]) Update(next func(T) T) T {
	for {
		old := c.value.Load()
		value := next(old.(T))
		if c.value.CompareAndSwap(old, value) {
			return value
		}
	}
}

// Locked is a value under a lock.
//
// Source: sync.Mutex; for NewSpinning the test and test-and-set of Rudolph and Segall 1984, §5.
// Progress: blocking. Space: the value and the lock. Ordering: that of the lock.
// Wins: contended updates that take long, for none is done in vain. Loses: readers wait for writers, and a holder that is preempted stops all.
//
// NewLocked and NewSpinning make it; it must not be copied.
type Locked[T comparable] struct {
	lock  sync.Locker
	value T
}

// NewLocked makes a cell under a sync.Mutex.
func NewLocked[T comparable](initial T) *Locked[T] {
	return &Locked[T]{lock: new(sync.Mutex), value: initial}
}

// NewSpinning makes a cell under a spin lock.
func NewSpinning[T comparable](initial T) *Locked[T] {
	return &Locked[T]{lock: new(spinLock), value: initial}
}

type spinLock struct{ held atomic.Bool }

func (l *spinLock) Lock() {
	var b backoff
	for l.held.Load() || !l.held.CompareAndSwap(false, true) {
		b.wait()
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

// Owned is a value that lies in a channel of one; who has taken it out owns it.
//
// Source: Hoare 1978, §5; Effective Go, Share by communicating.
// Progress: blocking, parked, first come first served. Space: a channel. Ordering: that of the channel.
// Wins: nothing. Loses: two channel operations, for readers too.
//
// NewOwned makes it.
type Owned[T comparable] struct{ value chan T }

// NewOwned makes a cell.
func NewOwned[T comparable](initial T) *Owned[T] {
	c := &Owned[T]{make(chan T, 1)}
	c.value <- initial
	return c
}

// Load returns the value.
func (c *Owned[T]) Load() T {
	value := <-c.value
	c.value <- value
	return value
}

// CompareAndSwap replaces old by new.
func (c *Owned[T]) CompareAndSwap(old, new T) bool {
	value := <-c.value
	if value != old {
		c.value <- value
		return false
	}
	c.value <- new
	return true
}

// Update replaces the value.
func (c *Owned[T]) Update(next func(T) T) T {
	value := next(<-c.value)
	c.value <- value
	return value
}
