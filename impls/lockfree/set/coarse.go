package set

import (
	"math"
	"sync"
)

// link is a node of a list that has one lock.
type link struct {
	key  int
	next *link
}

func newLinks() *link { return &link{math.MinInt, &link{key: math.MaxInt}} }

// seek returns the last node before key and the next one.
func (n *link) seek(key int) (before, at *link) {
	before, at = n, n.next
	for at.key < key {
		before, at = at, at.next
	}
	return before, at
}

// Coarse is a list under one lock.
//
// Source: Herlihy and Shavit, The Art of Multiprocessor Programming, 2008, §9.4; the lock
// is sync.Mutex. For NewSpinning it is the test and test-and-set of Rudolph and Segall
// 1984, §5.
// Progress: blocking. Searches wait for each other.
// Space: two words for each key.
// Ordering: that of the lock.
// Wins: with a short list, because a search costs less than finer synchronization would.
// Loses: with a long list, because only one search runs at a time.
//
// Create it with NewCoarse or NewSpinning. It must not be copied.
type Coarse struct {
	lock sync.Locker
	head *link
}

// NewCoarse makes a set under a sync.Mutex.
func NewCoarse() *Coarse { return &Coarse{new(sync.Mutex), newLinks()} }

// NewSpinning makes a set under a spin lock.
func NewSpinning() *Coarse { return &Coarse{new(spinLock), newLinks()} }

// Insert adds key.
func (s *Coarse) Insert(key int) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.head.insert(key)
}

// Remove removes key.
func (s *Coarse) Remove(key int) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.head.remove(key)
}

// Contains looks for key.
func (s *Coarse) Contains(key int) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	_, at := s.head.seek(key)
	return at.key == key
}

func (n *link) insert(key int) bool {
	before, at := n.seek(key)
	if at.key == key {
		return false
	}
	before.next = &link{key, at}
	return true
}

func (n *link) remove(key int) bool {
	before, at := n.seek(key)
	if at.key != key {
		return false
	}
	before.next = at.next
	return true
}

// Shared is a list under a reader–writer lock. Calls of Contains run together.
//
// Source: sync.RWMutex.
// Progress: blocking.
// Space: as Coarse.
// Ordering: that of the lock.
// Wins: with long lists that seldom change.
// Loses: with short lists, because counting the readers costs more than a search.
//
// Create it with NewShared. It must not be copied.
type Shared struct {
	mu   sync.RWMutex
	head *link
}

// NewShared makes a set.
func NewShared() *Shared { return &Shared{head: newLinks()} }

// Insert adds key.
func (s *Shared) Insert(key int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.head.insert(key)
}

// Remove removes key.
func (s *Shared) Remove(key int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.head.remove(key)
}

// Contains looks for key.
func (s *Shared) Contains(key int) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, at := s.head.seek(key)
	return at.key == key
}
