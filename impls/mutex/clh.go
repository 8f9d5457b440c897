package mutex

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// CLH is a queue lock without links: each waiter spins on its predecessor's flag.
//
// Source: Craig, Building FIFO and Priority-Queuing Spin Locks from Atomic Swap,
// University of Washington TR 93-02-02, 1993, §3; Magnusson, Landin and Hagersten, Queue
// Locks on Cache Coherent Multiprocessors, IPPS 1994.
// Progress: FIFO. Waits by a cpu.Spinner.
// Space: three words a lock. A goroutine that waits or holds uses a pooled node of a
// cache line. On Unlock it frees its predecessor's node, because its own is still
// watched.
// Ordering: Unlock's store to the flag synchronizes before the load that sees it.
// Wins over MCS by its shorter Unlock. Loses, like every FIFO spin lock, when
// oversubscribed.
// The zero value is unlocked. A CLH must not be copied after first use.
type CLH struct {
	tail   atomic.Pointer[clhNode]
	holder *clhNode // guarded by the lock itself
	spare  *clhNode // the predecessor's node, free to be reused
}

type clhNode struct {
	locked atomic.Bool
	_      [cpu.Line - 4]byte
}

var clhNodes = sync.Pool{New: func() any { return new(clhNode) }}

// Lock queues up and waits for the predecessor.
func (l *CLH) Lock() {
	n := clhNodes.Get().(*clhNode)
	n.locked.Store(true)
	before := l.tail.Swap(n)
	if before != nil {
		var s cpu.Spinner
		for before.locked.Load() {
			s.Turn()
		}
	}
	l.holder, l.spare = n, before
}

// Unlock lowers the flag that the successor watches. It panics if the lock is not held.
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
