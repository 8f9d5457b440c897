package set

import (
	"math"
	"sync"
)

// link is a node of a list that a lock guards as a whole.
type link struct {
	key  int
	next *link
}

func newLinks() *link { return &link{math.MinInt, &link{key: math.MaxInt}} }

// seek returns the last node before key and the one behind it.
func (n *link) seek(key int) (before, at *link) {
	before, at = n, n.next
	for at.key < key {
		before, at = at, at.next
	}
	return before, at
}

// Coarse is a list under one lock.
//
// Source: Herlihy and Shavit, The Art of Multiprocessor Programming, 2008, §9.4; the lock is sync.Mutex, or, in NewSpinning, a test
// and test-and-set of Rudolph and Segall 1984, §5.
// Progress: blocking; searches wait for each other. Space: two words a key. Ordering: that of the lock.
// Wins: a short list, whose search is shorter than any other care. Loses: long lists, of which one search at a time is made.
// NewCoarse and NewSpinning make it; it must not be copied.
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

// Remove takes key out.
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

// Shared is a list under a reader–writer lock: those that look do it together.
//
// Source: sync.RWMutex.
// Progress: blocking. Space: as Coarse. Ordering: that of the lock.
// Wins: long lists that seldom change. Loses: short ones, where counting readers takes longer than to look.
// NewShared makes it; it must not be copied.
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

// Remove takes key out.
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
