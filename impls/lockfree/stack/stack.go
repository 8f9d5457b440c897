// Package stack holds implementations of stacks that many goroutines push to and pop from.
//
// The contract: a Pop returns what was pushed last and has not been popped, and false if there is nothing. Every value that was
// pushed is popped once. Push returns false if the stack is full, which only a bounded one can be; it may also say so while a
// Pop is under way that has not given its room back. What was written before a Push happens before the return of the Pop that gets its value.
//
// To add an implementation, write its file and add one line to All.
package stack

import "runtime"

// Stack is last in, first out.
type Stack[T any] interface {
	// Push puts value on top, or returns false if there is no room.
	Push(value T) bool
	// Pop takes the top, or returns false if there is none.
	Pop() (value T, ok bool)
}

// New makes an empty stack with room for so many values. One that is not bounded has room for more.
type New[T any] = func(room int) Stack[T]

// cacheLine is the distance in bytes that keeps two words from sharing a line, with the neighbour line that the
// prefetcher brings along.
const cacheLine = 128

// backoff is a time to stay away, which doubles with every failure.
type backoff struct{ turns int }

const (
	leastBackoff = 4 // turns of a loop
	mostBackoff  = 1024
)

// longer returns how many turns to stay away now.
func (b *backoff) longer() int {
	b.turns = min(max(2*b.turns, leastBackoff), mostBackoff)
	return b.turns
}

// yield gives the processor away if waiting has been in vain for long.
func (b *backoff) yield() {
	if b.turns == mostBackoff {
		runtime.Gosched()
	}
}

func (b *backoff) wait() {
	for range b.longer() {
	}
	b.yield()
}
