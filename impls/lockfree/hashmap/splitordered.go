package hashmap

import (
	"hash/maphash"
	"math/bits"
	"sync/atomic"
)

// SplitOrdered is one linked list of all entries, ordered by the reverse of their hashes, and a table of heads that stand in
// the list where a bucket begins. The table grows by doubling; no entry moves, since a bucket is split by a new head between
// its entries. Heads are linked when a bucket is first used, behind the head of the bucket that it is split from.
//
// Source: Shalev and Shavit, Split-Ordered Lists: Lock-Free Extensible Hash Tables, Journal of the ACM 53(3), 2006; the list
// is that of Michael 2002, with marks that are nodes, as in Java's ConcurrentSkipListMap.
// Progress: lock-free; Load does not write. Space: two words a bucket and a head, at the most 2 entries a bucket; for an entry its
// node and its value.
// Ordering: sequentially consistent. An entry is deleted by its value, which becomes nil, before it is marked and unlinked; so
// nobody replaces the value of an entry that is gone.
// Wins: nobody ever waits, and no doubling stops all. Loses: each entry is a pointer away from the last, and each a garbage of its own.
//
// NewSplitOrdered makes it; it must not be copied.
type SplitOrdered[K comparable, V any] struct {
	seed     maphash.Seed
	first    [firstHeads]atomic.Pointer[node[K, V]]
	segments [64]atomic.Pointer[[]atomic.Pointer[node[K, V]]] // each holds as many heads as all before it

	_       [cacheLine]byte
	buckets atomic.Uint64 // a power of two, that only grows
	_       [cacheLine - 8]byte
	entries atomic.Int64
	_       [cacheLine - 8]byte
}

const (
	firstHeads = 8
	crowded    = 2 // entries a bucket before the table doubles
)

// NewSplitOrdered makes a map.
func NewSplitOrdered[K comparable, V any]() *SplitOrdered[K, V] {
	m := &SplitOrdered[K, V]{seed: maphash.MakeSeed()}
	m.buckets.Store(firstHeads)
	m.first[0].Store(&node[K, V]{})
	return m
}

func (m *SplitOrdered[K, V]) hash(key K) uint64 { return maphash.Comparable(m.seed, key) }

// slot is where the head of a bucket is kept.
func (m *SplitOrdered[K, V]) slot(bucket uint64) *atomic.Pointer[node[K, V]] {
	if bucket < firstHeads {
		return &m.first[bucket]
	}
	i := bits.Len64(bucket) - 1
	segment := m.segments[i].Load()
	if segment == nil {
		heads := make([]atomic.Pointer[node[K, V]], 1<<i)
		if m.segments[i].CompareAndSwap(nil, &heads) {
			segment = &heads
		} else {
			segment = m.segments[i].Load()
		}
	}
	return &(*segment)[bucket-1<<i]
}

// bucket is the number of the bucket of a hash.
func (m *SplitOrdered[K, V]) bucket(hash uint64) uint64 { return hash & (m.buckets.Load() - 1) }

// head returns the head of a bucket.
func (m *SplitOrdered[K, V]) head(bucket uint64) *node[K, V] {
	if h := m.slot(bucket).Load(); h != nil {
		return h
	}
	return m.open(bucket)
}

// open links the head of a bucket, and then puts it into the table. Of two that do it, one finds what the other has linked.
func (m *SplitOrdered[K, V]) open(bucket uint64) *node[K, V] {
	parent := m.head(bucket &^ (1 << (bits.Len64(bucket) - 1)))
	h := link(parent, &node[K, V]{order: bits.Reverse64(bucket)})
	m.slot(bucket).Store(h)
	return h
}

// link links a head behind another, and returns it, or the one that is there.
func link[K comparable, V any](parent, h *node[K, V]) *node[K, V] {
	for {
		before, at, found := find(parent, h.order, h.key)
		if found {
			return at
		}
		h.next.Store(at)
		if before.next.CompareAndSwap(at, h) {
			return h
		}
	}
}

// Load returns the key's value.
func (m *SplitOrdered[K, V]) Load(key K) (V, bool) { return m.load(m.hash(key), key) }

func (m *SplitOrdered[K, V]) load(hash uint64, key K) (value V, ok bool) {
	order := orderOf(hash)
	for n := m.head(m.bucket(hash)).next.Load(); n != nil && (n.order <= order || n.order == marked); n = n.next.Load() {
		if n.order == order && n.key == key {
			if v := n.value.Load(); v != nil {
				return *v, true
			}
			break // a new one is linked after this one is gone only
		}
	}
	return value, false
}

// claim returns the node of a key, or links one with the value given, and reports whether it did.
func (m *SplitOrdered[K, V]) claim(hash uint64, key K, value V) (n *node[K, V], fresh bool) {
	head, order := m.head(m.bucket(hash)), orderOf(hash)
	for {
		before, at, found := find(head, order, key)
		if found {
			return at, false
		}
		if n == nil {
			n = &node[K, V]{order: order, key: key}
			box := value // or value itself would go to the heap where it is not stored, too
			n.value.Store(&box)
		}
		n.next.Store(at)
		if before.next.CompareAndSwap(at, n) {
			m.grow(m.entries.Add(1))
			return n, true
		}
	}
}

// grow doubles the table if it is crowded.
func (m *SplitOrdered[K, V]) grow(entries int64) {
	if n := m.buckets.Load(); uint64(max(entries, 0)) > crowded*n {
		m.buckets.CompareAndSwap(n, 2*n)
	}
}

// Store sets the key's value.
func (m *SplitOrdered[K, V]) Store(key K, value V) {
	hash := m.hash(key)
	for {
		if n, fresh := m.claim(hash, key, value); fresh || n.replace(value) {
			return
		}
	}
}

// LoadOrStore sets the key's value if it has none.
func (m *SplitOrdered[K, V]) LoadOrStore(key K, value V) (V, bool) {
	hash := m.hash(key)
	for {
		if old, ok := m.load(hash, key); ok {
			return old, true
		}
		if _, fresh := m.claim(hash, key, value); fresh {
			return value, false
		}
	}
}

// LoadAndDelete removes the key.
func (m *SplitOrdered[K, V]) LoadAndDelete(key K) (V, bool) {
	value, ok := m.remove(m.hash(key), key)
	if ok {
		m.entries.Add(-1)
	}
	return value, ok
}

func (m *SplitOrdered[K, V]) remove(hash uint64, key K) (value V, ok bool) {
	head, order := m.head(m.bucket(hash)), orderOf(hash)
	before, at, found := find(head, order, key)
	if !found {
		return value, false
	}
	taken := at.take()
	if taken == nil {
		return value, false
	}
	if !before.next.CompareAndSwap(at, at.mark()) {
		find(head, order, key)
	}
	return *taken, true
}

// Range calls f for each key, in the order of the list.
func (m *SplitOrdered[K, V]) Range(f func(K, V) bool) {
	for n := m.first[0].Load(); n != nil; n = n.next.Load() {
		if value := n.value.Load(); value != nil && !f(n.key, *value) {
			return
		}
	}
}

// Len returns the number of keys.
func (m *SplitOrdered[K, V]) Len() int { return int(m.entries.Load()) }
