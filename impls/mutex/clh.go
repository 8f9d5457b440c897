package mutex

import (
	"sync"
	"sync/atomic"
)

// CLH is a queue lock whose waiters spin on the flag of their predecessor; the queue has no links.
//
// Source: Craig, Building FIFO and Priority-Queuing Spin Locks from Atomic Swap, University of Washington TR 93-02-02,
// 1993, §3; Magnusson, Landin and Hagersten, Queue Locks on Cache Coherent Multiprocessors, IPPS 1994.
// Progress: FIFO. Waits by a spinner.
// Space: three words a lock, a node of a cache line for a goroutine that waits or holds, pooled: who
// leaves takes the predecessor's node along, since its own is still watched.
// Ordering: Unlock's store to the flag synchronizes before the load that sees it.
// Wins over MCS by its shorter unlock; loses like every FIFO spin when oversubscribed.
// The zero value is unlocked. A CLH must not be copied after first use.
type CLH struct {
	tail   atomic.Pointer[clhNode]
	holder *clhNode // guarded by the lock itself
	spare  *clhNode // the predecessor's, free to be used again
}

type clhNode struct {
	locked atomic.Bool
	_      [CacheLine - 4]byte
}

var clhNodes = sync.Pool{New: func() any { return new(clhNode) }}

// Lock queues up and waits for the predecessor.
func (l *CLH) Lock() {
	n := clhNodes.Get().(*clhNode)
	n.locked.Store(true)
	before := l.tail.Swap(n)
	if before != nil {
		var s spinner
		for before.locked.Load() {
			s.turn()
		}
	}
	l.holder, l.spare = n, before
}

// Unlock lowers the flag that the successor watches; it panics when the lock is not held.
func (l *CLH) Unlock() {
	n, spare := l.holder, l.spare
	if n == nil {
		panic("mutex: unlock of an unlocked CLH")
	}
	l.holder = nil
	n.locked.Store(false)
	if spare != nil {
		clhNodes.Put(spare)
	}
}
