package set

// Lazy marks a node before it takes it out, so that whoever has locked two nodes sees from them alone that they are in the list, and
// those that look need no lock at all.
//
// Source: Heller, Herlihy, Luchangco, Moir, Scherer and Shavit, A Lazy Concurrent List-Based Set Algorithm, OPODIS 2005.
// Progress: Contains is wait-free; changes are blocking. Space: as HandOverHand, and the mark. Ordering: sequentially consistent; a
// key is out from the instant of its mark.
// Wins: lists that are looked at more than changed. Loses: against one lock where the list is short.
// NewLazy makes it; it must not be copied.
type Lazy struct{ head *node }

// NewLazy makes a set.
func NewLazy() *Lazy { return &Lazy{newNodes()} }

// seek returns the last node before key and the one behind it, both locked and both in the list.
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

// Remove marks key, and takes it out.
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

// Contains looks for key, and whether it is on its way out.
func (s *Lazy) Contains(key int) bool {
	_, at := s.head.seek(key)
	return at.key == key && !at.marked.Load()
}
