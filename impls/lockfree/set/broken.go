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

// low32 is Coarse that compares the low 32 bits of its keys.
type low32 struct{ Coarse }

func (s *low32) Insert(key int) bool { return s.Coarse.Insert(int(int32(key))) } // bug: Coarse compares all bits …

func (s *low32) Remove(key int) bool { return s.Coarse.Remove(int(int32(key))) } // …

func (s *low32) Contains(key int) bool { return s.Coarse.Contains(int(int32(key))) } // …

// subtracts is Coarse that compares keys by the sign of their difference, which may
// overflow.
type subtracts struct{ Coarse }

func (n *link) seekByDifference(key int) (before, at *link) {
	before, at = n, n.next
	for at.next != nil && at.key-key < 0 { // bug: Coarse compares the keys
		before, at = at, at.next
	}
	return before, at
}

func (s *subtracts) Insert(key int) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	before, at := s.head.seekByDifference(key)
	if at.key == key {
		return false
	}
	before.next = &link{key, at}
	return true
}

func (s *subtracts) Remove(key int) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	before, at := s.head.seekByDifference(key)
	if at.key != key {
		return false
	}
	before.next = at.next
	return true
}

func (s *subtracts) Contains(key int) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	_, at := s.head.seekByDifference(key)
	return at.key == key
}

// needsNew is SyncMap that works only if a constructor has made it.
type needsNew struct {
	SyncMap
	made bool // …
}

func (s *needsNew) Insert(key int) bool {
	return s.made && s.SyncMap.Insert(key) // bug: SyncMap needs no constructor
}

// index8 is CopyOnWrite that keeps the place of a key in 8 bits. With more than 256 keys,
// a new one may go to a wrong place.
type index8 struct{ CopyOnWrite }

func (s *index8) Insert(key int) bool {
	for {
		old := s.keys.Load()
		i, found := slices.BinarySearch(*old, key)
		if found {
			return false
		}
		keys := slices.Insert(slices.Clone(*old), int(uint8(i)), key) // bug: places of CopyOnWrite have all bits
		if s.keys.CompareAndSwap(old, &keys) {
			return true
		}
	}
}

// hash16 is SyncMap that distinguishes keys by 16 bits of their hash.
type hash16 struct{ SyncMap }

func hashOf(key int) int { return int(uint64(key) * 0x9e3779b97f4a7c15 >> 48) }

func (s *hash16) Insert(key int) bool { return s.SyncMap.Insert(hashOf(key)) } // bug: SyncMap compares keys …

func (s *hash16) Remove(key int) bool { return s.SyncMap.Remove(hashOf(key)) } // …

func (s *hash16) Contains(key int) bool { return s.SyncMap.Contains(hashOf(key)) } // …
