package stack

// None keeps nothing. It shows what the loop and the interface call cost.
type None[T any] struct{}

// Push returns true.
func (None[T]) Push(T) bool { return true }

// Pop returns a value that was never pushed.
func (None[T]) Pop() (value T, ok bool) { return value, true }
