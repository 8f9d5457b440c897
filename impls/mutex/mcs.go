package mutex

import (
	"sync"
	"sync/atomic"
)

// MCS is a queue lock: every waiter spins on a flag of its own, so that a release disturbs one waiter only.
//
// Source: Mellor-Crummey and Scott, Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors,
// ACM TOCS 9(1), 1991, §2.4.
// Progress: FIFO, so one preempted waiter stalls all behind it. Waits by a spinner.
// Space: two words a lock, a node of two cache lines for a goroutine that waits or holds, pooled.
// Ordering: Unlock's store to the successor's flag synchronizes before the load that sees it.
// Wins with as many waiters as processors; loses when oversubscribed, see the chart over goroutines.
// The zero value is unlocked. An MCS must not be copied after first use.
type MCS struct {
	tail   atomic.Pointer[mcsNode]
	holder *mcsNode // guarded by the lock itself
}

type mcsNode struct {
	locked atomic.Bool
	_      [CacheLine - 4]byte
	next   atomic.Pointer[mcsNode]
	_      [CacheLine - 8]byte
}

var mcsNodes = sync.Pool{New: func() any { return new(mcsNode) }}

// Lock queues up and waits for the predecessor.
func (l *MCS) Lock() {
	n := mcsNodes.Get().(*mcsNode)
	n.next.Store(nil)
	n.locked.Store(true)
	if before := l.tail.Swap(n); before != nil {
		before.next.Store(n)
		var s spinner
		for n.locked.Load() {
			s.turn()
		}
	}
	l.holder = n
}

// TryLock takes the lock if nobody holds it or waits.
func (l *MCS) TryLock() bool {
	if l.tail.Load() != nil {
		return false
	}
	n := mcsNodes.Get().(*mcsNode)
	n.next.Store(nil)
	if !l.tail.CompareAndSwap(nil, n) {
		mcsNodes.Put(n)
		return false
	}
	l.holder = n
	return true
}

// Unlock hands the lock to the successor; it panics when the lock is not held.
func (l *MCS) Unlock() {
	n := l.holder
	if n == nil {
		panic("mutex: unlock of an unlocked MCS")
	}
	l.holder = nil
	next := n.next.Load()
	if next == nil {
		if l.tail.CompareAndSwap(n, nil) {
			mcsNodes.Put(n)
			return
		}
		var s spinner
		for next == nil { // a successor has swapped the tail and not yet linked itself
			s.turn()
			next = n.next.Load()
		}
	}
	next.locked.Store(false)
	mcsNodes.Put(n)
}
