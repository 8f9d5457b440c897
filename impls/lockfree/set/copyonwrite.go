package set

import (
	"slices"
	"sync/atomic"
)

// CopyOnWrite is a sorted slice that is never changed. A change swaps in a copy.
//
// Source: Herlihy, A Methodology for Implementing Highly Concurrent Data Objects, ACM
// TOPLAS 15(5), 1993, §3 (small objects).
// Progress: Contains is wait-free. Changes are lock-free.
// Space: a word for each key, and a copy for each attempt.
// Ordering: sequentially consistent.
// Wins: in Contains, which is a binary search in contiguous memory.
// Loses: in changes, because each copies all keys.
//
// Create it with NewCopyOnWrite. It must not be copied.
type CopyOnWrite struct{ keys atomic.Pointer[[]int] }

// NewCopyOnWrite makes a set.
func NewCopyOnWrite() *CopyOnWrite {
	s := new(CopyOnWrite)
	s.keys.Store(new([]int))
	return s
}

// Insert adds key.
func (s *CopyOnWrite) Insert(key int) bool {
	for {
		old := s.keys.Load()
		i, found := slices.BinarySearch(*old, key)
		if found {
			return false
		}
		keys := make([]int, len(*old)+1)
		copy(keys, (*old)[:i])
		keys[i] = key
		copy(keys[i+1:], (*old)[i:])
		if s.keys.CompareAndSwap(old, &keys) {
			return true
		}
	}
}

// Remove removes key.
func (s *CopyOnWrite) Remove(key int) bool {
	for {
		old := s.keys.Load()
		i, found := slices.BinarySearch(*old, key)
		if !found {
			return false
		}
		keys := make([]int, len(*old)-1)
		copy(keys, (*old)[:i])
		copy(keys[i:], (*old)[i+1:])
		if s.keys.CompareAndSwap(old, &keys) {
			return true
		}
	}
}

// Contains looks for key.
func (s *CopyOnWrite) Contains(key int) bool {
	_, found := slices.BinarySearch(*s.keys.Load(), key)
	return found
}
