package mutex

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// K42 is a variant of MCS that needs a node only while a goroutine waits. On acquisition
// the holder's successor moves into the lock itself, so Unlock needs no node.
//
// Source: Auslander, Edelsohn, Krieger, Rosenburg and Wisniewski, US patent application
// 20030200457, 2003; as given in Scott, Shared-Memory Synchronization, Morgan & Claypool
// 2013, §4.3.1.
// Progress: FIFO. Waits by a cpu.Spinner.
// Space: two words a lock, padded to a cache line. A waiter uses a pooled node of the same
// size.
// Ordering: Unlock's store to the successor's tail synchronizes before the load that sees
// it.
// Wins over MCS without contention, because that path needs no node. Loses with
// contention, by one more compare-and-swap.
// The zero value is unlocked. A K42 must not be copied after first use.
type K42 struct{ k42Node }

// k42Node is a waiter, and also the lock. In the lock, tail is the last waiter, or the
// lock itself if it is held without waiters; next is the first waiter.
type k42Node struct {
	tail atomic.Pointer[k42Node]
	next atomic.Pointer[k42Node]
	_    [cpu.Line - 16]byte
}

// k42Waiting is the tail of a node that waits.
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
		var s cpu.Spinner
		for n.tail.Load() == k42Waiting {
			s.Turn()
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
		var s cpu.Spinner
		for after == nil { // a successor has swapped the tail and not yet linked itself
			s.Turn()
			after = n.next.Load()
		}
	}
	l.next.Store(after)
}

// TryLock takes the lock if it is free.
func (l *K42) TryLock() bool {
	return l.tail.Load() == nil && l.tail.CompareAndSwap(nil, &l.k42Node)
}

// Unlock hands the lock to the first waiter. It panics if the lock is not held.
func (l *K42) Unlock() {
	if l.tail.Load() == nil {
		panic("mutex: unlock of an unlocked K42")
	}
	first := l.next.Load()
	if first == nil {
		if l.tail.CompareAndSwap(&l.k42Node, nil) {
			return
		}
		var s cpu.Spinner
		for first == nil {
			s.Turn()
			first = l.next.Load()
		}
	}
	first.tail.Store(nil)
}
