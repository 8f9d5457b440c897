package set

// HandOverHand locks the next node before it lets go of the one before, so that searches follow each other through the list and
// none overtakes.
//
// Source: Bayer and Schkolnick, Concurrency of Operations on B-Trees, Acta Informatica 9, 1977; Herlihy and Shavit 2008, §9.5.
// Progress: blocking; whoever is slow holds up all behind it. Space: a key, a lock and a pointer. Ordering: that of the locks.
// Wins: nothing on few processors. Loses: two lock operations for every node that is passed.
// NewHandOverHand makes it; it must not be copied.
type HandOverHand struct{ head *node }

// NewHandOverHand makes a set.
func NewHandOverHand() *HandOverHand { return &HandOverHand{newNodes()} }

// seek returns the last node before key and the one behind it, both locked.
func (s *HandOverHand) seek(key int) (before, at *node) {
	before = s.head
	before.mu.Lock()
	at = before.next.Load()
	at.mu.Lock()
	for at.key < key {
		next := at.next.Load()
		next.mu.Lock()
		before.mu.Unlock()
		before, at = at, next
	}
	return before, at
}

func unlock(before, at *node) {
	at.mu.Unlock()
	before.mu.Unlock()
}

// Insert adds key.
func (s *HandOverHand) Insert(key int) bool {
	before, at := s.seek(key)
	defer unlock(before, at)
	if at.key == key {
		return false
	}
	put(before, at, key)
	return true
}

// Remove takes key out.
func (s *HandOverHand) Remove(key int) bool {
	before, at := s.seek(key)
	defer unlock(before, at)
	if at.key != key {
		return false
	}
	before.next.Store(at.next.Load())
	return true
}

// Contains looks for key.
func (s *HandOverHand) Contains(key int) bool {
	before, at := s.seek(key)
	defer unlock(before, at)
	return at.key == key
}
