package set

import (
	"math"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// spinLock is test and test-and-set.
type spinLock struct{ held atomic.Bool }

func (l *spinLock) Lock() {
	var s cpu.Spinner
	for l.held.Load() || !l.held.CompareAndSwap(false, true) {
		s.Turn()
	}
}

func (l *spinLock) Unlock() { l.held.Store(false) }

// node is a node with its own lock. Searches that hold no lock read next and marked, so
// both are atomic.
type node struct {
	key    int
	mu     sync.Mutex
	marked atomic.Bool // it is not in the list, or about to leave it
	next   atomic.Pointer[node]
}

func newNodes() *node {
	head := &node{key: math.MinInt}
	head.next.Store(&node{key: math.MaxInt})
	return head
}

// seek returns the last node before key and the next one, as a search without locks sees
// them.
func (n *node) seek(key int) (before, at *node) {
	before, at = n, n.next.Load()
	for at.key < key {
		before, at = at, at.next.Load()
	}
	return before, at
}

// put links a node for key between two nodes.
func put(before, at *node, key int) {
	n := &node{key: key}
	n.next.Store(at)
	before.next.Store(n)
}
