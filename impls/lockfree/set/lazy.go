package set

// Lazy marks a node before it unlinks it. So a call that has locked two nodes knows from
// them alone whether they are in the list, and Contains needs no lock.
//
// Source: Heller, Herlihy, Luchangco, Moir, Scherer and Shavit, A Lazy Concurrent
// List-Based Set Algorithm, OPODIS 2005.
// Progress: Contains is wait-free unless keys are inserted before it forever. Changes are
// blocking.
// Space: as HandOverHand.
// Ordering: sequentially consistent. A key is removed at the instant of its mark.
// Wins: with lists that are searched more often than changed.
// Loses: to one lock where the list is short.
//
// Create it with NewLazy. It must not be copied.
type Lazy struct{ head *node }

// NewLazy makes a set.
func NewLazy() *Lazy { return &Lazy{newNodes()} }

// seek returns the last node before key and the next one, both locked and both in the
// list.
func (s *Lazy) seek(key int) (before, at *node) {
	for {
		before, at = s.head.seek(key)
		before.mu.Lock()
		at.mu.Lock()
		if !before.marked.Load() && !at.marked.Load() && before.next.Load() == at {
			return before, at
		}
		unlock(before, at)
	}
}

// Insert adds key.
func (s *Lazy) Insert(key int) bool {
	before, at := s.seek(key)
	defer unlock(before, at)
	if at.key == key {
		return false
	}
	put(before, at, key)
	return true
}

// Remove marks key, and unlinks it.
func (s *Lazy) Remove(key int) bool {
	before, at := s.seek(key)
	defer unlock(before, at)
	if at.key != key {
		return false
	}
	at.marked.Store(true)
	before.next.Store(at.next.Load())
	return true
}

// Contains looks for key, and checks whether it is marked.
func (s *Lazy) Contains(key int) bool {
	_, at := s.head.seek(key)
	return at.key == key && !at.marked.Load()
}
