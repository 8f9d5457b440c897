package cell

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Pointer points to a box that never changes. Each new value comes in a new box. The
// garbage collector rules out ABA: it does not reuse a box while a goroutine still has
// its address.
//
// Source: Herlihy 1990, §3 (small objects); sync/atomic.Pointer.
// Progress: lock-free. Space: a box for each value that was tried. Ordering: sequentially
// consistent.
// Wins: readers never wait and copy nothing. Loses: every try allocates.
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

// CompareAndSwap replaces old by new. An equal value in another box counts as old.
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

// PointerBackoff is Pointer that backs off after a failed try of Update, longer each
// time.
//
// Source: as Pointer; Dice, Hendler and Mirsky 2013, §2.
// Progress: lock-free. Space, Ordering: as Pointer.
// Wins: contention on many processors, where every failure wastes an allocation. Loses:
// fairness.
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
	var b cpu.Backoff
	for {
		box := c.box.Load()
		value := next(*box)
		if c.box.CompareAndSwap(box, &value) {
			return value
		}
		b.Wait()
	}
}
