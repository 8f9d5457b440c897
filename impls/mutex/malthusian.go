package mutex

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Malthusian is MCS with concurrency restriction: it keeps as many waiters active as the
// lock needs to stay busy, and sets the others aside, asleep. The holder brings one back
// when the queue runs dry and, for fairness, at every recall-th release.
//
// Source: Dice, Malthusian Locks, EuroSys 2017, §4 (MCSCR).
// Progress: every recall-th release serves the waiter that has been aside the longest, so
// a wait is bounded. Otherwise the order is not that of arrival. Waits by a cpu.Parker.
// Space: six words a lock. A goroutine that waits or holds uses a pooled node of two
// cache lines and a channel.
// Ordering: Grant synchronizes before the return of the Wait that it ends.
// Wins over MCS when goroutines far outnumber processors, because few of them take part.
// Loses to MCS with few goroutines, by its bookkeeping.
// The zero value is unlocked. A Malthusian must not be copied after first use.
type Malthusian struct {
	tail   atomic.Pointer[malthusianNode]
	holder *malthusianNode // this and the rest are guarded by the lock itself
	aside  []*malthusianNode
	turns  uint32
}

// recall is the number of releases after which a waiter that was set aside is served
// first.
const recall = 256

type malthusianNode struct {
	next atomic.Pointer[malthusianNode]
	_    [cpu.Line - 8]byte
	cpu.Parker
	_ [cpu.Line - 16]byte
}

var malthusianNodes = sync.Pool{New: func() any { return &malthusianNode{Parker: cpu.NewParker()} }}

// Lock queues up and waits for the predecessor.
func (l *Malthusian) Lock() {
	n := malthusianNodes.Get().(*malthusianNode)
	n.next.Store(nil)
	n.Reset()
	if before := l.tail.Swap(n); before != nil {
		before.next.Store(n)
		n.Wait()
	}
	l.holder = n
}

// Unlock hands the lock over. It panics if the lock is not held.
func (l *Malthusian) Unlock() {
	n := l.holder
	if n == nil {
		panic("mutex: unlock of an unlocked Malthusian")
	}
	l.holder = nil
	if next := l.successor(n); next != nil {
		next.Grant()
	}
	malthusianNodes.Put(n)
}

// successor returns the waiter to serve after n, with the rest of the queue linked behind
// it. It returns nil if there is none.
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
	if after := next.next.Load(); after != nil { // more waiters than needed: next is surplus
		l.aside = append(l.aside, next)
		return after
	}
	return next
}

// runDry is called when no waiter is linked behind n. If no waiter has arrived either, it
// continues with the one set aside last, whose data is the warmest, or else ends the
// queue. Otherwise it waits for the arriving waiter's link.
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
	var s cpu.Spinner
	for {
		if next := n.next.Load(); next != nil {
			return next
		}
		s.Turn()
	}
}
