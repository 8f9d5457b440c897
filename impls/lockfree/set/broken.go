package set

import "slices"

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// They are not for use.

// letsGo is HandOverHand whose Insert unlocks a node before it has locked the next. The
// next may be removed in between.
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

// looksOnce is Optimistic that does not search again once it has the locks. The nodes may
// be removed by then, or another node may be between them.
type looksOnce struct{ Optimistic }

func (s *looksOnce) Insert(key int) bool {
	before, at := s.head.seek(key)
	before.mu.Lock()
	at.mu.Lock() // bug: Optimistic searches again after this
	defer unlock(before, at)
	if at.key == key {
		return false
	}
	put(before, at, key)
	return true
}

// unseenMark is Lazy that does not check whether the node before is in the list. It may
// link behind a removed node.
type unseenMark struct{ Lazy }

func (s *unseenMark) Insert(key int) bool {
	for {
		before, at := s.head.seek(key)
		before.mu.Lock()
		at.mu.Lock()
		if at.marked.Load() || before.next.Load() != at { // bug: Lazy checks the mark of before, too
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

// unfrozen is HarrisMichael that unlinks a node without freezing it. A node that is
// linked behind it at that time is lost.
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

// storesBlindly is CopyOnWrite that stores its copy even if the set has changed since it
// was made.
type storesBlindly struct{ CopyOnWrite }

func (s *storesBlindly) Remove(key int) bool {
	old := *s.keys.Load()
	i, found := slices.BinarySearch(old, key)
	if !found {
		return false
	}
	keys := slices.Delete(slices.Clone(old), i, i+1)
	s.keys.Store(&keys) // bug: CopyOnWrite swaps, and retries
	return true
}
