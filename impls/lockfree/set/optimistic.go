package set

// Optimistic searches without locks and then locks the two nodes that it found. It
// searches again to check that both are still in the list, one behind the other.
//
// Source: Herlihy and Shavit 2008, §9.6.
// Progress: blocking. A search starts again if the list has changed there.
// Space: as HandOverHand.
// Ordering: that of the locks and of sync/atomic. A removed node keeps its next, so a
// search that has reached it finds back into the list.
// Wins: nowhere over Lazy. It shows what the mark of Lazy saves.
// Loses: to Lazy, because each call searches twice, even a Contains.
//
// Create it with NewOptimistic. It must not be copied.
type Optimistic struct{ head *node }

// NewOptimistic makes a set.
func NewOptimistic() *Optimistic { return &Optimistic{newNodes()} }

// seek returns the last node before key and the next one, both locked and both in the
// list.
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

// reaches reports whether before is in the list and at is the next node.
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

// Remove removes key.
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
