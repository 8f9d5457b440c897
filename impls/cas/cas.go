// Package cas holds implementations of what compare-and-swap is used for: counters, and cells that hold a value.
//
// A Counter only grows, so what one goroutine reads of it never falls; Load is exact when nobody adds. A Cell holds one
// value: Load, a CompareAndSwap that succeeded and Update take effect at an instant each, and a CompareAndSwap
// that fails changes nothing. Values are compared with ==, wherever they lie.
//
// To add an implementation, write it and add one line to Counters, Cells or Records.
package cas

import "runtime"

// Counter is a sum.
type Counter interface {
	// Add adds delta, which must not be negative.
	Add(delta int64)
	Load() int64
}

// Resetter is a Counter that starts again: every Add is in the result of exactly one Reset, or in what follows.
type Resetter interface {
	Counter
	// Reset sets the sum to 0 and returns what it was.
	Reset() int64
}

// Batcher is a Counter that a goroutine adds to by an Adder of its own, which keeps some and adds them at once.
type Batcher interface {
	Counter
	Local() Adder
}

// Adder belongs to one goroutine. What it has kept is not in the sum before Flush.
type Adder interface {
	Add(delta int64)
	Flush()
}

// Cell is a value that many change.
type Cell[T comparable] interface {
	Load() T
	CompareAndSwap(old, new T) bool
	// Update replaces the value by what next makes of it, and returns the new one. It calls next once for each try, so
	// next must have no effect.
	Update(next func(T) T) T
}

// Record is a value of several words, too wide for one instruction.
type Record [4]uint64

// NewCounter makes a counter at 0.
type NewCounter = func() Counter

// NewCell makes a cell that holds a value.
type NewCell[T comparable] = func(initial T) Cell[T]

// cacheLine is the distance in bytes that keeps two words from sharing a line, with the neighbour line that the
// prefetcher brings along.
const cacheLine = 128

// backoff stays away for a time that doubles with every failure, and then gives its processor away.
type backoff struct{ turns int }

const (
	leastBackoff = 4 // turns of an empty loop
	mostBackoff  = 1024
)

func (b *backoff) wait() {
	b.turns = min(max(2*b.turns, leastBackoff), mostBackoff)
	for range b.turns {
	}
	if b.turns == mostBackoff {
		runtime.Gosched()
	}
}
