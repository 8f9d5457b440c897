// Package cell holds implementations of the shared cell: one value that goroutines
// replace by compare-and-swap.
//
// The contract is Cell. Load, Update and a CompareAndSwap that succeeds each take effect
// at one instant. A CompareAndSwap that fails changes nothing. Values are compared with
// ==, wherever they lie in memory. So NaN can be updated, and CompareAndSwap never swaps
// it. Values that cannot be compared panic, and the cell works on.
//
// What to choose: Pointer, because its readers never wait and copy nothing. A lock wins
// where updates are contended and take long, because every failed try of Pointer is work
// and an allocation for nothing.
//
// To add an implementation, write it and add one line to All, or to OfRecords if it holds
// records only.
package cell

// Cell is a value that many goroutines change.
type Cell[T comparable] interface {
	Load() T
	CompareAndSwap(old, new T) bool
	// Update replaces the value by the result of next, and returns the new value. It
	// calls next once for each try, so next must have no side effects. A panic of next
	// reaches the caller; the value stays, and the cell works on.
	Update(next func(T) T) T
}

// Record is a value of several words, too wide for one instruction.
type Record [4]uint64

// New makes a cell that holds a value.
type New[T comparable] = func(initial T) Cell[T]
