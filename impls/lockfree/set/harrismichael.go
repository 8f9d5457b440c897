package set

import (
	"math"
	"sync/atomic"
)

// HarrisMichael removes a node with two compare-and-swaps. The first freezes its pointer,
// so that no node can be linked behind it, and removes its key. The second unlinks the
// node, and any passing call may do that.
//
// Source: Harris, A Pragmatic Implementation of Non-Blocking Linked-Lists, DISC 2001;
// Michael, High Performance Dynamic Lock-Free Hash Tables and List-Based Sets, SPAA 2002,
// §3. A frozen pointer leads to a mark in front of the next node, because Go's pointers
// have no spare bit. The mark is that of Herlihy and Shavit 2008, §9.8, and of Java's
// ConcurrentSkipListMap.
// Progress: Contains is wait-free unless keys are inserted before it forever. Changes are
// lock-free.
// Space: three words for each key, and a mark for each removal.
// Ordering: sequentially consistent.
// Wins: in changes of long lists, because a descheduled goroutine blocks no other.
// Loses: every removal makes garbage.
//
// Create it with NewHarrisMichael. It must not be copied.
type HarrisMichael struct{ head *frozen }

// frozen is a node or a mark. A mark has no key, and comes between a removed node and the
// next one.
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

// seek returns the last node before key and the next one. It unlinks frozen nodes on its
// way.
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

// Remove freezes key's node, and unlinks it.
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
			before.next.CompareAndSwap(at, next) // if this fails, another call unlinks it
			return true
		}
	}
}

// Contains looks for key, and checks whether its node is frozen. It changes nothing.
func (s *HarrisMichael) Contains(key int) bool {
	at := s.head.next.Load()
	for at.mark || at.key < key {
		at = at.next.Load()
	}
	next := at.next.Load()
	return at.key == key && (next == nil || !next.mark)
}
