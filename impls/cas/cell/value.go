package cell

import "sync/atomic"

// Value is sync/atomic.Value, which boxes values as interfaces and compares interfaces.
//
// Source: sync/atomic.Value.
// Progress: lock-free. Space: a box for each value that was tried. Ordering: sequentially
// consistent.
// Wins: one field holds a value of any type. Loses: a comparison goes through interfaces.
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

// CompareAndSwap replaces old by new. atomic.Value also fails when an equal value in
// another box was stored in between, so this tries again as long as the value is equal.
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
