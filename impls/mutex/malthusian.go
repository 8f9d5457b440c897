package mutex

import (
	"sync"
	"sync/atomic"
)

// Malthusian is MCS with concurrency restriction: of the waiters beyond the one that is needed to keep the lock
// busy, the holder sets some aside, asleep, and brings one back when the queue runs dry, and now and then for
// fairness.
//
// Source: Dice, Malthusian Locks, EuroSys 2017, §4 (MCSCR).
// Progress: every recall-th release serves the one that was set aside first, so a wait is bounded; in
// between the order is not that of arrival. Waiters spin shortly and then sleep.
// Space: six words a lock, a node of two cache lines and a channel for a goroutine that waits or holds, pooled.
// Ordering: grant synchronizes before the wait that it ends.
// Wins over MCS when goroutines far outnumber processors; loses to it with few.
// The zero value is unlocked. A Malthusian must not be copied after first use.
type Malthusian struct {
	tail   atomic.Pointer[malthusianNode]
	holder *malthusianNode // this and the rest are guarded by the lock itself
	aside  []*malthusianNode
	turns  uint32
}

// recall is how many releases pass until one that was set aside is served out of turn.
const recall = 256

type malthusianNode struct {
	next atomic.Pointer[malthusianNode]
	_    [CacheLine - 8]byte
	parker
	_ [CacheLine - 16]byte
}

var malthusianNodes = sync.Pool{New: func() any { return &malthusianNode{parker: newParker()} }}

// Lock queues up and waits for the predecessor.
func (l *Malthusian) Lock() {
	n := malthusianNodes.Get().(*malthusianNode)
	n.next.Store(nil)
	n.reset()
	if before := l.tail.Swap(n); before != nil {
		before.next.Store(n)
		n.wait()
	}
	l.holder = n
}

// Unlock hands the lock over; it panics when the lock is not held.
func (l *Malthusian) Unlock() {
	n := l.holder
	if n == nil {
		panic("mutex: unlock of an unlocked Malthusian")
	}
	l.holder = nil
	if next := l.successor(n); next != nil {
		next.grant()
	}
	malthusianNodes.Put(n)
}

// successor returns who is served after n, linked so that the queue goes on behind it; nil when there is nobody.
func (l *Malthusian) successor(n *malthusianNode) *malthusianNode {
	next := n.next.Load()
	if next == nil {
		if next = l.runDry(n); next == nil {
			return nil
		}
	}
	l.turns++
	if len(l.aside) > 0 && l.turns%recall == 0 {
		first := l.aside[0]
		l.aside = l.aside[1:]
		first.next.Store(next)
		return first
	}
	if after := next.next.Load(); after != nil { // one more than is needed waits: next is surplus
		l.aside = append(l.aside, next)
		return after
	}
	return next
}

// runDry is called when nobody is linked behind n: it ends the queue, or goes on with the one that was set aside last
// and whose data is the warmest, or waits for the link of one that is just arriving.
func (l *Malthusian) runDry(n *malthusianNode) *malthusianNode {
	var replace *malthusianNode
	last := len(l.aside) - 1
	if last >= 0 {
		replace = l.aside[last]
		replace.next.Store(nil)
	}
	if l.tail.CompareAndSwap(n, replace) {
		if replace != nil {
			l.aside = l.aside[:last]
		}
		return replace
	}
	var s spinner
	for {
		if next := n.next.Load(); next != nil {
			return next
		}
		s.turn()
	}
}
