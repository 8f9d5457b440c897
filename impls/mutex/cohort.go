package mutex

import "github.com/contendbench/contend/impls/cpu"

// Cohort is a lock of locks: each node of the machine has a local lock, and a global lock
// passes between nodes. A node keeps the global lock for some hand-overs among its own
// waiters, so that data stays near.
//
// Source: Dice, Marathe and Shavit, Lock Cohorting: A General Technique for Designing
// NUMA Locks, PPoPP 2012, §3.5 (C-TKT-TKT).
// Progress: FIFO within a node. A node passes the global lock on after at most
// cohortLimit hand-overs, so no waiter starves. Waits by a cpu.Spinner.
// Space: three Ticket locks, two cache lines and a word: 1032 bytes.
// Ordering: that of Ticket.
// Wins on machines with several NUMA nodes, because fewer hand-overs cross between nodes.
// Loses elsewhere, by a second lock. A Go program cannot tell its node, so the nodes here
// are synthetic: a goroutine stays with one by cpu.Spread. On a machine with one NUMA node
// this shows the cost of the technique and not its gain.
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
	// Guarded by local: whether the node kept the global lock, and for how many
	// hand-overs.
	owns   bool
	passed int
	_      [cpu.Line - 16]byte
}

// Lock takes the node's lock, and then the global one unless the node has kept it.
func (l *Cohort) Lock() {
	n := &l.nodes[cpu.Spread()%cohortNodes]
	n.local.Lock()
	if !n.owns {
		l.global.Lock()
		n.owns = true
	}
	l.holder = n
}

// Unlock keeps the global lock in the node if a waiter is there and the limit allows it.
// It panics if the lock is not held.
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
