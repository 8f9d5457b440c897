package hashmap

import (
	"hash/maphash"
	"math/bits"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// SplitOrdered is one linked list of all entries, ordered by their reversed hashes, and a
// table of heads. A head is a node of the list where a bucket starts. The table grows by
// doubling, and no entry moves, because a new head between its entries splits a bucket.
// The first use of a bucket links its head behind that of the bucket that it is split
// from.
//
// Source: Shalev and Shavit, Split-Ordered Lists: Lock-Free Extensible Hash Tables,
// Journal of the ACM 53(3), 2006; the list is that of Michael 2002, with marks that are
// nodes, as in Java's ConcurrentSkipListMap.
// Progress: lock-free. Load writes only when it first uses a bucket.
// Space: a word and a head for each bucket, for at most two entries on average. An entry
// is a node and a boxed value.
// Ordering: sequentially consistent. An entry is deleted when its value becomes nil,
// before it is marked and unlinked. So no call replaces the value of a deleted entry.
// Wins: with more goroutines than processors and while the table grows, because no call
// waits.
// Loses: in long searches, because each entry is another cache line. Each entry is
// garbage of its own.
//
// Create it with NewSplitOrdered. It must not be copied.
type SplitOrdered[K comparable, V any] struct {
	seed     maphash.Seed
	first    [firstHeads]atomic.Pointer[node[K, V]]
	segments [64]atomic.Pointer[[]atomic.Pointer[node[K, V]]] // each holds as many heads as all before it

	_       [cpu.Line]byte
	buckets atomic.Uint64 // a power of two that only grows
	_       [cpu.Line - 8]byte
	entries atomic.Int64
	_       [cpu.Line - 8]byte
}

const (
	firstHeads = 8
	maxLoad    = 2 // entries per bucket before the table doubles
)

// NewSplitOrdered makes a map.
func NewSplitOrdered[K comparable, V any]() *SplitOrdered[K, V] {
	m := &SplitOrdered[K, V]{seed: maphash.MakeSeed()}
	m.buckets.Store(firstHeads)
	m.first[0].Store(&node[K, V]{})
	return m
}

func (m *SplitOrdered[K, V]) hash(key K) uint64 { return maphash.Comparable(m.seed, key) }

// slot returns the place of a bucket's head in the table.
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

// bucket returns the number of the bucket that a hash belongs to.
func (m *SplitOrdered[K, V]) bucket(hash uint64) uint64 { return hash & (m.buckets.Load() - 1) }

// head returns the head of a bucket.
func (m *SplitOrdered[K, V]) head(bucket uint64) *node[K, V] {
	if h := m.slot(bucket).Load(); h != nil {
		return h
	}
	return m.open(bucket)
}

// open links the head of a bucket, and then puts it into the table. If two calls open a
// bucket at once, one finds the head that the other has linked.
func (m *SplitOrdered[K, V]) open(bucket uint64) *node[K, V] {
	parent := m.head(bucket &^ (1 << (bits.Len64(bucket) - 1)))
	h := link(parent, &node[K, V]{order: bits.Reverse64(bucket)})
	m.slot(bucket).Store(h)
	return h
}

// link links a head behind another and returns it. If the bucket has a head already, it
// returns that.
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
			break // a new entry for the key is linked only after this one is unlinked
		}
	}
	return value, false
}

// claim returns the node of a key. If there is none, it links a fresh one with the value.
func (m *SplitOrdered[K, V]) claim(hash uint64, key K, value V) (n *node[K, V], fresh bool) {
	head, order := m.head(m.bucket(hash)), orderOf(hash)
	for {
		before, at, found := find(head, order, key)
		if found {
			return at, false
		}
		if n == nil {
			n = &node[K, V]{order: order, key: key}
			box := value // otherwise value would escape to the heap in every call
			n.value.Store(&box)
		}
		n.next.Store(at)
		if before.next.CompareAndSwap(at, n) {
			m.grow(m.entries.Add(1))
			return n, true
		}
	}
}

// grow doubles the table if it has too many entries.
func (m *SplitOrdered[K, V]) grow(entries int64) {
	if n := m.buckets.Load(); uint64(max(entries, 0)) > maxLoad*n {
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
