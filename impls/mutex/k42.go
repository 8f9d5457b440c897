package mutex

import (
	"sync"
	"sync/atomic"
)

// K42 is the variant of MCS in which the node is needed only while waiting: the holder's successor moves into
// the lock itself, so the interface carries no node from lock to unlock.
//
// Source: Auslander, Edelsohn, Krieger, Rosenburg and Wisniewski, US patent application 20030200457, 2003; as given in
// Scott, Shared-Memory Synchronization, Morgan & Claypool 2013, §4.3.1.
// Progress: FIFO. Waits by a spinner.
// Space: two words a lock, a node of a cache line for a goroutine that waits, pooled.
// Ordering: Unlock's store to the successor's tail synchronizes before the load that sees it.
// Wins over MCS where the uncontended path counts, since it needs no node; loses by one more
// compare-and-swap under contention.
// The zero value is unlocked. A K42 must not be copied after first use.
type K42 struct{ k42Node }

// k42Node is a waiter, and also the lock: there tail is the last in line, or the lock itself when it is held and
// nobody waits, and next is the first in line.
type k42Node struct {
	tail atomic.Pointer[k42Node]
	next atomic.Pointer[k42Node]
	_    [CacheLine - 16]byte
}

// k42Waiting stands in the tail of a node that waits.
var k42Waiting = new(k42Node)

var k42Nodes = sync.Pool{New: func() any { return new(k42Node) }}

// Lock takes the lock if it is free, and queues up otherwise.
func (l *K42) Lock() {
	if l.TryLock() {
		return
	}
	n := k42Nodes.Get().(*k42Node)
	defer k42Nodes.Put(n)
	for {
		before := l.tail.Load()
		if before == nil {
			if l.TryLock() {
				return
			}
			continue
		}
		n.tail.Store(k42Waiting)
		n.next.Store(nil)
		if !l.tail.CompareAndSwap(before, n) {
			continue
		}
		before.next.Store(n)
		var s spinner
		for n.tail.Load() == k42Waiting {
			s.turn()
		}
		l.takeOver(n)
		return
	}
}

// takeOver moves the new holder's successor into the lock, so that n is free.
func (l *K42) takeOver(n *k42Node) {
	after := n.next.Load()
	if after == nil {
		l.next.Store(nil)
		if l.tail.CompareAndSwap(n, &l.k42Node) {
			return
		}
		var s spinner
		for after == nil { // one is between its swap of the tail and its link
			s.turn()
			after = n.next.Load()
		}
	}
	l.next.Store(after)
}

// TryLock takes the lock if nobody holds it.
func (l *K42) TryLock() bool {
	return l.tail.Load() == nil && l.tail.CompareAndSwap(nil, &l.k42Node)
}

// Unlock hands the lock to the first in line; it panics when the lock is not held.
func (l *K42) Unlock() {
	if l.tail.Load() == nil {
		panic("mutex: unlock of an unlocked K42")
	}
	first := l.next.Load()
	if first == nil {
		if l.tail.CompareAndSwap(&l.k42Node, nil) {
			return
		}
		var s spinner
		for first == nil {
			s.turn()
			first = l.next.Load()
		}
	}
	first.tail.Store(nil)
}
