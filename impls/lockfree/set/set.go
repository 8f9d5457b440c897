// Package set holds sets of integers, most of them as a sorted linked list. On a list,
// the ways to synchronize a search are easy to compare.
//
// The contract: each call takes effect at one instant between its start and its end. If
// several goroutines insert a missing key at once, one of them is told that it did. The
// same holds for those that remove a key. Writes before an Insert that added a key happen
// before the return of a Contains or a Remove that found it.
//
// To add an implementation, write its file and add one line to All.
package set

// Set is a set of keys. The least and the greatest int are not allowed, because they mark
// the ends of lists.
type Set interface {
	// Insert adds key, and reports whether it was missing.
	Insert(key int) bool
	// Remove removes key, and reports whether it was there.
	Remove(key int) bool
	Contains(key int) bool
}

// New makes an empty set.
type New = func() Set
