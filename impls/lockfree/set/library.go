package set

import (
	"sync"

	"github.com/bytedance/gopkg/collection/skipset"
)

// SyncMap is the keys of the standard library's map. They have no order.
//
// Source: sync.Map.
// Progress: Contains is lock-free. Changes wait for each other at a node of its tree.
// Space: an entry of several words for each key.
// Ordering: sequentially consistent.
// Wins: with large sets, because a hash replaces the search.
// Loses: with small sets, and where an order is needed.
//
// The zero value is empty. It must not be copied.
type SyncMap struct{ keys sync.Map }

// Insert adds key.
func (s *SyncMap) Insert(key int) bool {
	_, there := s.keys.LoadOrStore(key, struct{}{})
	return !there
}

// Remove removes key.
func (s *SyncMap) Remove(key int) bool {
	_, there := s.keys.LoadAndDelete(key)
	return there
}

// Contains looks for key.
func (s *SyncMap) Contains(key int) bool {
	_, there := s.keys.Load(key)
	return there
}

// Skipset is a skip list with a lock in each node for changes.
//
// Source: github.com/bytedance/gopkg v0.1.4, collection/skipset; Herlihy, Lev, Luchangco
// and Shavit, A Simple Optimistic Skiplist Algorithm, SIROCCO 2007.
// Progress: Contains is wait-free unless keys are inserted before it forever. Changes are
// blocking.
// Space: a lock, flags and several pointers for each key.
// Ordering: that of sync/atomic.
// Wins: with large sets that need an order.
// Loses: with short lists, because a change links a node at several levels.
//
// Create it with NewSkipset. Copies are the same set.
type Skipset struct{ keys *skipset.IntSet }

// NewSkipset makes a set.
func NewSkipset() Skipset { return Skipset{skipset.NewInt()} }

// Insert adds key.
func (s Skipset) Insert(key int) bool { return s.keys.Add(key) }

// Remove removes key.
func (s Skipset) Remove(key int) bool { return s.keys.Remove(key) }

// Contains looks for key.
func (s Skipset) Contains(key int) bool { return s.keys.Contains(key) }

// None keeps nothing. It shows what the loop and the interface call cost.
type None struct{}

// Insert reports that key was missing.
func (None) Insert(int) bool { return true }

// Remove reports that key was there.
func (None) Remove(int) bool { return true }

// Contains reports that key is missing.
func (None) Contains(int) bool { return false }
