package set

import "slices"

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked. None of them may be used.

// letsGo is HandOverHand whose Insert lets go of a node before it has the next, which may be taken out meanwhile.
type letsGo struct{ HandOverHand }

func (s *letsGo) seek(key int) (before, at *node) {
	before = s.head
	before.mu.Lock()
	at = before.next.Load()
	for at.key < key {
		before.mu.Unlock() // bug: HandOverHand locks at before this
		before = at
		before.mu.Lock()
		at = before.next.Load()
	}
	at.mu.Lock()
	return before, at
}

func (s *letsGo) Insert(key int) bool {
	before, at := s.seek(key)
	defer unlock(before, at)
	if at.key == key {
		return false
	}
	put(before, at, key)
	return true
}

// looksOnce is Optimistic that does not go through the list again once it has the locks: the nodes may be out of it, or apart.
type looksOnce struct{ Optimistic }

func (s *looksOnce) Insert(key int) bool {
	before, at := s.head.seek(key)
	before.mu.Lock()
	at.mu.Lock() // bug: Optimistic goes through the list again after this
	defer unlock(before, at)
	if at.key == key {
		return false
	}
	put(before, at, key)
	return true
}

// unseenMark is Lazy that does not look whether the node in front is in the list: it links behind one that is out.
type unseenMark struct{ Lazy }

func (s *unseenMark) Insert(key int) bool {
	for {
		before, at := s.head.seek(key)
		before.mu.Lock()
		at.mu.Lock()
		if at.marked.Load() || before.next.Load() != at { // bug: Lazy looks at the mark of before, too
			unlock(before, at)
			continue
		}
		defer unlock(before, at)
		if at.key == key {
			return false
		}
		put(before, at, key)
		return true
	}
}

// unfrozen is HarrisMichael that takes a node out without freezing it: what is linked behind it meanwhile is gone.
type unfrozen struct{ HarrisMichael }

func (s *unfrozen) Remove(key int) bool {
	for {
		before, at := s.seek(key)
		if at.key != key {
			return false
		}
		if before.next.CompareAndSwap(at, at.next.Load()) { // bug: HarrisMichael freezes at's pointer first
			return true
		}
	}
}

// storesBlindly is CopyOnWrite that stores its copy, whatever has come into the set since it was made.
type storesBlindly struct{ CopyOnWrite }

func (s *storesBlindly) Remove(key int) bool {
	old := *s.keys.Load()
	i, found := slices.BinarySearch(old, key)
	if !found {
		return false
	}
	keys := slices.Delete(slices.Clone(old), i, i+1)
	s.keys.Store(&keys) // bug: CopyOnWrite swaps, and tries again
	return true
}
