// Package cas holds implementations of what compare-and-swap is used for: counters, cells that hold a value, and words of which
// several change at once.
//
// A Counter only grows, so what one goroutine reads of it never falls; Load is exact when nobody adds. A Cell holds one
// value: Load, a CompareAndSwap that succeeded and Update take effect at an instant each, and a CompareAndSwap
// that fails changes nothing. Values are compared with ==, wherever they lie. Words do for several what a Cell does for one.
//
// What to choose: of exact counters, this project's Sharded makes 2.1 times as many additions as atomic.Int64 and 3.0 times
// as many as xsync.Counter, at 2, 8 and 64 goroutines that only add, and Batched 2.6 times as many as atomic.Int64, if its reader can wait.
// With one read in ten Sharded is ahead by 1.2. Where it loses: with one read in two it has 0.5 of the turns of atomic.Int64, for a
// read sums all words, each from the processor that wrote it. (Ratios of medians of 15 interleaved rounds, chosen in one run
// and the same in a second with another seed; the loss of one run of 9. Two processors of an AMD EPYC VM, Go 1.26: with more, one
// word costs more.)
//
// To add an implementation, write it and add one line to Counters, Cells, Records or AllWords.
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

// Words is a row of words of which several are compared and changed at once.
type Words interface {
	Load(place int) uint64
	// CompareAndSwap makes all of the swaps at one instant, or none if one of the words is not its Old. The places ascend. A swap
	// whose New is its Old is a look, so a row of them that succeeds is a snapshot.
	CompareAndSwap(swaps []Swap) bool
}

// Swap is the change of one word.
type Swap struct {
	Place    int
	Old, New uint64
}

// NewCounter makes a counter at 0.
type NewCounter = func() Counter

// NewCell makes a cell that holds a value.
type NewCell[T comparable] = func(initial T) Cell[T]

// NewWords makes a row of words that are 0.
type NewWords = func(words int) Words

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
