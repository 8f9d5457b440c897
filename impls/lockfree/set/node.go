package set

import (
	"math"
	"sync"
	"sync/atomic"
)

// spinLock is test and test-and-set.
type spinLock struct{ held atomic.Bool }

func (l *spinLock) Lock() {
	var s spinner
	for l.held.Load() || !l.held.CompareAndSwap(false, true) {
		s.turn()
	}
}

func (l *spinLock) Unlock() { l.held.Store(false) }

// node is a node with a lock of its own. Searches that hold no lock read next and marked, so both are atomic.
type node struct {
	key    int
	mu     sync.Mutex
	marked atomic.Bool // it is out of the list, or about to be
	next   atomic.Pointer[node]
}

func newNodes() *node {
	head := &node{key: math.MinInt}
	head.next.Store(&node{key: math.MaxInt})
	return head
}

// seek returns the last node before key and the one behind it, as a search without locks sees them.
func (n *node) seek(key int) (before, at *node) {
	before, at = n, n.next.Load()
	for at.key < key {
		before, at = at, at.next.Load()
	}
	return before, at
}

// put links a node for key between two.
func put(before, at *node, key int) {
	n := &node{key: key}
	n.next.Store(at)
	before.next.Store(n)
}
