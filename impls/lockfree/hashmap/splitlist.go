package hashmap

import (
	"math"
	"math/bits"
	"sync/atomic"
)

// A node of the list of a SplitOrdered is an entry, the head of a bucket, or the mark
// behind a deleted entry. The order says which: it is odd for an entry and even for the
// others.
type node[K comparable, V any] struct {
	order uint64
	key   K
	value atomic.Pointer[V] // nil: the entry is deleted
	next  atomic.Pointer[node[K, V]]
}

// marked is the order of a mark. No head has it, because the table never has that many
// buckets.
const marked = math.MaxUint64 - 1

// orderOf is the order of entries with a hash. Its bits are reversed, so that the entries
// of a bucket stay neighbours when the bucket is split.
func orderOf(hash uint64) uint64 { return bits.Reverse64(hash) | 1 }

// find looks for a key behind a head. It returns the node with the key, or the one that a
// new node goes before, and the node in front of that one. It unlinks deleted nodes on
// its way. A new node goes behind all others of its order, so that of two inserts of one
// key, one fails.
func find[K comparable, V any](head *node[K, V], order uint64, key K) (before, at *node[K, V], found bool) {
	before, at = head, head.next.Load()
	for at != nil {
		if at.order == marked { // before was deleted after we passed it
			before, at = head, head.next.Load()
			continue
		}
		next := at.next.Load()
		if next != nil && next.order == marked {
			if before.next.CompareAndSwap(at, next.next.Load()) {
				at = next.next.Load()
			} else {
				before, at = head, head.next.Load()
			}
			continue
		}
		if at.order > order {
			break
		}
		if at.order == order && at.key == key {
			if at.value.Load() != nil || order&1 == 0 {
				return before, at, true
			}
			at.mark() // the call that deleted its value has not marked it yet
			continue
		}
		before, at = at, next
	}
	return before, at, false
}

// mark puts a mark behind a deleted node, so that no node can be linked there. It returns
// the node behind the mark.
func (n *node[K, V]) mark() *node[K, V] {
	for {
		next := n.next.Load()
		if next != nil && next.order == marked {
			return next.next.Load()
		}
		m := &node[K, V]{order: marked}
		m.next.Store(next)
		if n.next.CompareAndSwap(next, m) {
			return next
		}
	}
}

// take deletes the value of a node and returns it, or nil if another call has deleted it.
func (n *node[K, V]) take() *V {
	for {
		value := n.value.Load()
		if value == nil || n.value.CompareAndSwap(value, nil) {
			return value
		}
	}
}

// replace replaces the value of a node, and reports false if the node is deleted.
func (n *node[K, V]) replace(value V) bool {
	for {
		old := n.value.Load()
		if old == nil {
			return false
		}
		if n.value.CompareAndSwap(old, &value) {
			return true
		}
	}
}
