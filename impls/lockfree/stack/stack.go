// Package stack holds stacks that many goroutines push to and pop from.
//
// The contract: a Pop returns the value that was pushed last and not popped yet, or false
// if there is none. Every value that was pushed is popped once, also if it is zero or nil.
// Push returns false if the stack is full, which only a bounded one can be. A bounded one
// may also be full while a Pop in progress has not freed its room. Writes before a Push
// happen before the return of the Pop that gets its value.
//
// To add an implementation, write its file and add one line to All.
package stack

// Stack is last in, first out.
type Stack[T any] interface {
	// Push puts value on top, or returns false if there is no room.
	Push(value T) bool
	// Pop removes the top value, or returns false if there is none.
	Pop() (value T, ok bool)
}

// New makes an empty stack with room for that many values. An unbounded one has room for
// more.
type New[T any] = func(room int) Stack[T]
