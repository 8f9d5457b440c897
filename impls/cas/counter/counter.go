// Package counter holds implementations of the shared counter.
//
// The contract is Counter. A Counter only grows, so the sums that one goroutine reads
// never fall. Load is exact when no goroutine adds, for sums up to the largest int64. An
// implementation that rounds large sums states from where by a limit on SumBits.
//
// What to choose: FetchAndAdd, unless many goroutines add and few read. Then take
// Sharded, or Batched if the reader can wait for the sum. The words of Sharded stay in
// the caches of the processors that write them, and an Adder of Batched mostly writes
// memory of its own. Sharded finds its word without a pool, which Xsync needs. Sharded
// loses to FetchAndAdd when goroutines read often: a read sums all words, and fetches
// each from the processor that wrote it.
//
// To add an implementation, write it and add one line to All.
package counter

import "github.com/contendbench/contend/impls"

// Counter is a sum that many goroutines add to.
type Counter interface {
	// Add adds delta, which must not be negative.
	Add(delta int64)
	Load() int64
}

// Resetter is a Counter that can start again. Every Add is in the result of exactly one
// Reset, or in the sum that remains.
type Resetter interface {
	Counter
	// Reset sets the sum to 0 and returns what it was.
	Reset() int64
}

// Batcher is a Counter with an Adder for each goroutine. An Adder keeps additions back,
// and adds them to the sum together.
type Batcher interface {
	Counter
	Local() Adder
}

// Adder belongs to one goroutine. What it keeps back is not in the sum before Flush.
type Adder interface {
	Add(delta int64)
	Flush()
}

// New makes a counter at 0.
type New = func() Counter

// SumBits is the parameter that bounds sums, in bits.
const SumBits = "sum-bits"

// Resettable is the promise of a Resetter.
var Resettable = impls.Promise{
	Name: "resettable", Meaning: "loses no addition that is made during a reset",
}
