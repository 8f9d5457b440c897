package set

import (
	"math"
	"sync/atomic"
)

// HarrisMichael takes a node out in two swaps: the first freezes its pointer, so that nothing can be linked behind it any more, and
// takes its key out; the second takes it out of the list, and whoever comes by may do that.
//
// Source: Harris, A Pragmatic Implementation of Non-Blocking Linked-Lists, DISC 2001; Michael, High Performance Dynamic Lock-Free
// Hash Tables and List-Based Sets, SPAA 2002, §3. A frozen pointer is one to a mark in front of the next node, because Go's
// pointers have no spare bit: Herlihy and Shavit 2008, §9.8, and Java's ConcurrentSkipListMap.
// Progress: Contains is wait-free but for those that insert before it; changes are lock-free. Space: two words a key, and a mark for
// a key that goes. Ordering: sequentially consistent.
// Wins: changes of long lists while others are preempted. Loses: every removal makes garbage.
// NewHarrisMichael makes it; it must not be copied.
type HarrisMichael struct{ head *frozen }

// frozen is a node, or a mark: its key is that of no node, and it stands between a node that is out and the next.
type frozen struct {
	key  int
	mark bool
	next atomic.Pointer[frozen]
}

// NewHarrisMichael makes a set.
func NewHarrisMichael() *HarrisMichael {
	s := new(HarrisMichael)
	s.init()
	return s
}

func (s *HarrisMichael) init() {
	s.head = &frozen{key: math.MinInt}
	s.head.next.Store(&frozen{key: math.MaxInt})
}

// seek returns the last node before key and the one behind it. It takes out what is frozen on its way.
func (s *HarrisMichael) seek(key int) (before, at *frozen) {
again:
	before, at = s.head, s.head.next.Load()
	for {
		next := at.next.Load()
		if next != nil && next.mark {
			if !before.next.CompareAndSwap(at, next.next.Load()) {
				goto again
			}
			at = next.next.Load()
			continue
		}
		if at.key >= key {
			return before, at
		}
		before, at = at, next
	}
}

// Insert adds key.
func (s *HarrisMichael) Insert(key int) bool {
	n := &frozen{key: key}
	for {
		before, at := s.seek(key)
		if at.key == key {
			return false
		}
		n.next.Store(at)
		if before.next.CompareAndSwap(at, n) {
			return true
		}
	}
}

// Remove freezes key's node, and takes it out.
func (s *HarrisMichael) Remove(key int) bool {
	for {
		before, at := s.seek(key)
		if at.key != key {
			return false
		}
		next := at.next.Load()
		if next.mark {
			continue
		}
		mark := &frozen{mark: true}
		mark.next.Store(next)
		if at.next.CompareAndSwap(next, mark) {
			before.next.CompareAndSwap(at, next) // or somebody who comes by does it
			return true
		}
	}
}

// Contains looks for key, and whether its node is frozen. It changes nothing.
func (s *HarrisMichael) Contains(key int) bool {
	at := s.head.next.Load()
	for at.mark || at.key < key {
		at = at.next.Load()
	}
	next := at.next.Load()
	return at.key == key && (next == nil || !next.mark)
}
