package mutex

import "math/rand/v2"

// Cohort is a lock of locks: each node of the machine has a local one, and the node whose turn it is passes the
// global one along among its own waiters for a while, so that data stays near.
//
// Source: Dice, Marathe and Shavit, Lock Cohorting: A General Technique for Designing NUMA Locks, PPoPP 2012, §3.5
// (C-TKT-TKT).
// Progress: FIFO within a node; nodes take turns after at most cohortLimit hand-overs, so nobody starves.
// Waits by a spinner.
// Space: 3 ticket locks and 2 cache lines, 1.3 KiB.
// Ordering: that of Ticket.
// Wins on machines of several NUMA nodes. A Go program cannot tell its node, so nodes here are synthetic, drawn at
// random for every call: this row shows the cost of the technique, and on a machine of one node its gain cannot be
// evaluated.
// The zero value is unlocked. A Cohort must not be copied after first use.
type Cohort struct {
	global Ticket
	nodes  [cohortNodes]cohortNode
	holder *cohortNode // guarded by the lock itself
}

const (
	cohortNodes = 2
	cohortLimit = 64
)

type cohortNode struct {
	local Ticket
	// Guarded by local: whether the last holder left the global lock with the node, and how often it did.
	owns   bool
	passed int
	_      [CacheLine - 16]byte
}

// Lock takes the node's lock and then the global one, unless the node has it already.
func (l *Cohort) Lock() {
	n := &l.nodes[rand.Uint32N(cohortNodes)]
	n.local.Lock()
	if !n.owns {
		l.global.Lock()
		n.owns = true
	}
	l.holder = n
}

// Unlock passes the lock on within the node while someone waits there and the limit is not reached; it panics
// when the lock is not held.
func (l *Cohort) Unlock() {
	n := l.holder
	if n == nil {
		panic("mutex: unlock of an unlocked Cohort")
	}
	l.holder = nil
	waits := n.local.next.Load()-n.local.serving.Load() > 1
	if waits && n.passed < cohortLimit {
		n.passed++
	} else {
		n.passed, n.owns = 0, false
		l.global.Unlock()
	}
	n.local.Unlock()
}
