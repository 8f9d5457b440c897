package cell

import "sync/atomic"

// Value keeps a pointer to a box in a sync/atomic.Value. The values themselves cannot lie
// there: a Value takes neither nil nor a second concrete type, and never swaps what does
// not equal itself, such as NaN.
//
// Source: sync/atomic.Value, whose documentation replaces a map in this way.
// Progress: lock-free. Space: a box for each value that was tried. Ordering: sequentially
// consistent.
// Wins: never over Pointer; it is what code from before Go 1.19 has. Loses: a load
// asserts a type, and a swap compares interfaces.
//
// NewValue makes it; it must not be copied.
type Value[T comparable] struct{ box atomic.Value }

// NewValue makes a cell.
func NewValue[T comparable](initial T) *Value[T] {
	c := &Value[T]{}
	c.box.Store(&initial)
	return c
}

// Load returns the value.
func (c *Value[T]) Load() T { return *c.box.Load().(*T) }

// CompareAndSwap replaces old by new. An equal value in another box counts as old.
func (c *Value[T]) CompareAndSwap(old, new T) bool {
	for {
		box := c.box.Load().(*T)
		if *box != old {
			return false
		}
		if c.box.CompareAndSwap(box, &new) {
			return true
		}
	}
}

// Update replaces the value.
func (c *Value[T]) Update(next func(T) T) T {
	for {
		box := c.box.Load().(*T)
		value := next(*box)
		if c.box.CompareAndSwap(box, &value) {
			return value
		}
	}
}
