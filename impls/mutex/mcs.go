package mutex

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// MCS is a queue lock: every waiter spins on its own flag, so a release disturbs one
// waiter only.
//
// Source: Mellor-Crummey and Scott, Algorithms for Scalable Synchronization on
// Shared-Memory Multiprocessors, ACM TOCS 9(1), 1991, §2.4.
// Progress: FIFO, so one preempted waiter delays all behind it. Waits by a cpu.Spinner.
// Space: two words a lock. A goroutine that waits or holds uses a pooled node of two
// cache lines.
// Ordering: Unlock's store to the successor's flag synchronizes before the load that sees
// it.
// Wins with as many waiters as processors. Loses when oversubscribed, because the next
// waiter is then usually descheduled.
// The zero value is unlocked. An MCS must not be copied after first use.
type MCS struct {
	tail   atomic.Pointer[mcsNode]
	holder *mcsNode // guarded by the lock itself
}

type mcsNode struct {
	locked atomic.Bool
	_      [cpu.Line - 4]byte
	next   atomic.Pointer[mcsNode]
	_      [cpu.Line - 8]byte
}

var mcsNodes = sync.Pool{New: func() any { return new(mcsNode) }}

// Lock queues up and waits for the predecessor.
func (l *MCS) Lock() {
	n := mcsNodes.Get().(*mcsNode)
	n.next.Store(nil)
	n.locked.Store(true)
	if before := l.tail.Swap(n); before != nil {
		before.next.Store(n)
		var s cpu.Spinner
		for n.locked.Load() {
			s.Turn()
		}
	}
	l.holder = n
}

// TryLock takes the lock if it is free and has no waiters.
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

// Unlock hands the lock to the successor. It panics if the lock is not held.
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
		var s cpu.Spinner
		for next == nil { // a successor has swapped the tail and not yet linked itself
			s.Turn()
			next = n.next.Load()
		}
	}
	next.locked.Store(false)
	mcsNodes.Put(n)
}
