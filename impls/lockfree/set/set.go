// Package set holds implementations of a set of whole numbers, most of them as a sorted linked list: the structure on which the
// ways to synchronize a search are told apart.
//
// The contract: each call takes effect at one instant between its begin and its end. Of those that insert a missing key at once,
// one is told that it did; of those that remove it, one.
//
// To add an implementation, write its file and add one line to All.
package set

import "runtime"

// Set is a set of keys, any but the least and the greatest int, which stand at the ends of lists.
type Set interface {
	// Insert adds key, and reports whether it was missing.
	Insert(key int) bool
	// Remove takes key out, and reports whether it was there.
	Remove(key int) bool
	Contains(key int) bool
}

// New makes an empty set.
type New = func() Set

// A spinner gives its processor away every yieldEvery turns.
type spinner uint32

const yieldEvery = 64

func (s *spinner) turn() {
	*s++
	if *s%yieldEvery == 0 {
		runtime.Gosched()
	}
}
