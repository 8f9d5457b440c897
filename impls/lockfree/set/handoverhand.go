package set

// HandOverHand locks the next node before it unlocks the current one. So searches follow
// each other through the list, and none overtakes another.
//
// Source: Bayer and Schkolnick, Concurrency of Operations on B-Trees, Acta Informatica 9,
// 1977; Herlihy and Shavit 2008, §9.5.
// Progress: blocking. A slow search blocks all that are behind it.
// Space: a key, a lock, a mark and a pointer for each key.
// Ordering: that of the locks.
// Wins: nowhere on few processors.
// Loses: two lock operations for every node on the way.
//
// Create it with NewHandOverHand. It must not be copied.
type HandOverHand struct{ head *node }

// NewHandOverHand makes a set.
func NewHandOverHand() *HandOverHand { return &HandOverHand{newNodes()} }

// seek returns the last node before key and the next one, both locked.
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

// Remove removes key.
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
