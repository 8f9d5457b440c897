package cell

// Channel keeps the value in a channel of capacity one. The goroutine that has received
// it owns it.
//
// Source: Hoare 1978, §5; Effective Go, Share by communicating.
// Progress: blocking; waiters sleep, in order of arrival. Space: a channel. Ordering:
// that of the channel.
// Wins: never. Loses: a read, too, costs two channel operations.
//
// NewChannel makes it.
type Channel[T comparable] struct{ value chan T }

// NewChannel makes a cell.
func NewChannel[T comparable](initial T) *Channel[T] {
	c := &Channel[T]{make(chan T, 1)}
	c.value <- initial
	return c
}

// Load returns the value.
func (c *Channel[T]) Load() T {
	value := <-c.value
	c.value <- value
	return value
}

// CompareAndSwap replaces old by new.
func (c *Channel[T]) CompareAndSwap(old, new T) bool {
	value := <-c.value
	defer func() { c.value <- value }() // also if the values cannot be compared
	if value != old {
		return false
	}
	value = new
	return true
}

// Update replaces the value.
func (c *Channel[T]) Update(next func(T) T) T {
	value := <-c.value
	defer func() { c.value <- value }() // also if next panics
	value = next(value)
	return value
}
