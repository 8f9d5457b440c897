package set

import (
	"sync"

	"github.com/bytedance/gopkg/collection/skipset"
)

// SyncMap is the keys of the standard library's map, without an order.
//
// Source: sync.Map.
// Progress: lock-free but for the growth of a part of its tree. Space: an entry of several words a key. Ordering: sequentially consistent.
// Wins: large sets, for it hashes where a list searches. Loses: small ones, and whoever needs an order.
// The zero value is empty; it must not be copied.
type SyncMap struct{ keys sync.Map }

// Insert adds key.
func (s *SyncMap) Insert(key int) bool {
	_, there := s.keys.LoadOrStore(key, struct{}{})
	return !there
}

// Remove takes key out.
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
// Source: github.com/bytedance/gopkg v0.1.4, collection/skipset; Herlihy, Lev, Luchangco and Shavit, A Simple Optimistic Skiplist
// Algorithm, SIROCCO 2007.
// Progress: Contains is wait-free, changes are blocking. Space: a lock, flags and some pointers a key. Ordering: that of sync/atomic.
// Wins: large sets that need an order. Loses: short lists.
// NewSkipset makes it; it must not be copied.
type Skipset struct{ keys *skipset.IntSet }

// NewSkipset makes a set.
func NewSkipset() Skipset { return Skipset{skipset.NewInt()} }

// Insert adds key.
func (s Skipset) Insert(key int) bool { return s.keys.Add(key) }

// Remove takes key out.
func (s Skipset) Remove(key int) bool { return s.keys.Remove(key) }

// Contains looks for key.
func (s Skipset) Contains(key int) bool { return s.keys.Contains(key) }

// None keeps nothing: it shows what the harness costs.
type None struct{}

// Insert reports that it did.
func (None) Insert(int) bool { return true }

// Remove reports that it did.
func (None) Remove(int) bool { return true }

// Contains reports that it is not there.
func (None) Contains(int) bool { return false }
