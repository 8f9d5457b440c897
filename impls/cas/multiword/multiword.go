// Package multiword holds implementations of multi-word compare-and-swap: several words
// change at one instant, or none does.
//
// The contract is MultiWord.
//
// What to choose: Mutex, for few processors or operations on many words. OrderedLocks and
// MCAS let operations on different words run in parallel. Each word of an operation costs
// OrderedLocks a lock, and MCAS several swaps and allocations. Only with Pointer and MCAS
// does a preempted goroutine stop no other. Pointer suits few words that are mostly read.
//
// To add an implementation, write it and add one line to All.
package multiword

// MultiWord is an array of words. An operation compares and changes several at once.
type MultiWord interface {
	Load(place int) uint64
	// CompareAndSwap makes all of the swaps at one instant, or none if one of the words
	// is not its Old. Places must be in ascending order. A swap with New == Old only
	// reads, so a successful CompareAndSwap made of such swaps is an atomic snapshot.
	CompareAndSwap(swaps []Swap) bool
}

// Swap is the change of one word.
type Swap struct {
	Place    int
	Old, New uint64
}

// New makes an array of words that are 0.
type New = func(words int) MultiWord
