package set

// Optimistic searches without locks, locks the two nodes that it found, and then goes through the list again to see that they are
// still in it, one behind the other.
//
// Source: Herlihy and Shavit 2008, §9.6.
// Progress: blocking; a search starts again when the list has changed there. Space: as HandOverHand. Ordering: that of the locks
// and of sync/atomic; a node that is out keeps its next, so a search that stands on it finds back.
// Wins: nothing over Lazy; it shows what the mark there saves. Loses: each call goes through the list twice, those that look too.
// NewOptimistic makes it; it must not be copied.
type Optimistic struct{ head *node }

// NewOptimistic makes a set.
func NewOptimistic() *Optimistic { return &Optimistic{newNodes()} }

// seek returns the last node before key and the one behind it, both locked and both in the list.
func (s *Optimistic) seek(key int) (before, at *node) {
	for {
		before, at = s.head.seek(key)
		before.mu.Lock()
		at.mu.Lock()
		if s.reaches(before, at) {
			return before, at
		}
		unlock(before, at)
	}
}

// reaches reports whether before is in the list, and at is behind it.
func (s *Optimistic) reaches(before, at *node) bool {
	n := s.head
	for n.key < before.key {
		n = n.next.Load()
	}
	return n == before && n.next.Load() == at
}

// Insert adds key.
func (s *Optimistic) Insert(key int) bool {
	before, at := s.seek(key)
	defer unlock(before, at)
	if at.key == key {
		return false
	}
	put(before, at, key)
	return true
}

// Remove takes key out.
func (s *Optimistic) Remove(key int) bool {
	before, at := s.seek(key)
	defer unlock(before, at)
	if at.key != key {
		return false
	}
	before.next.Store(at.next.Load())
	return true
}

// Contains looks for key.
func (s *Optimistic) Contains(key int) bool {
	before, at := s.seek(key)
	defer unlock(before, at)
	return at.key == key
}
