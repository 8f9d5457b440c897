package hashmap

import (
	"hash/maphash"

	cmap "github.com/orcaman/concurrent-map/v2"
	"github.com/puzpuzpuz/xsync/v4"
)

// Xsync is the map of the module xsync: a table of buckets of a cache line, with a lock each for writers.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, Map; the buckets are those of David, Guerraoui and Trigonakis 2015 (CLHT).
// Progress: Load is obstruction-free and writes nothing; writers wait at a bucket, and for a doubling, in which they help.
// Space: a line for 5 entries, and a node each. Ordering: that of sync/atomic; Range sees each bucket at another instant.
// Wins: most loads. Loses: a Range copies what it visits.
//
// NewXsync makes it; it must not be copied.
type Xsync[K comparable, V any] struct{ *xsync.Map[K, V] }

// NewXsync makes a map.
func NewXsync[K comparable, V any]() Xsync[K, V] { return Xsync[K, V]{xsync.NewMap[K, V]()} }

// Len returns the number of keys.
func (m Xsync[K, V]) Len() int { return m.Size() }

// ConcurrentMap is the map of the module concurrent-map: 32 Go maps, each under a sync.RWMutex.
//
// Source: github.com/orcaman/concurrent-map/v2 v2.0.1, with the hash that Sharded has.
// Progress: blocking, parked. Space: 32 maps, whose locks share lines. Ordering: that of the locks; Range sees each
// shard at another instant.
// Wins: it is small and known. Loses: readers write the word of their shard's lock; Range cannot end early, and goes on without f.
//
// NewConcurrentMap makes it.
type ConcurrentMap[K comparable, V any] struct{ values cmap.ConcurrentMap[K, V] }

// NewConcurrentMap makes a map.
func NewConcurrentMap[K comparable, V any]() ConcurrentMap[K, V] {
	seed := maphash.MakeSeed()
	return ConcurrentMap[K, V]{cmap.NewWithCustomShardingFunction[K, V](func(key K) uint32 {
		return uint32(maphash.Comparable(seed, key))
	})}
}

// Load returns the key's value.
func (m ConcurrentMap[K, V]) Load(key K) (V, bool) { return m.values.Get(key) }

// Store sets the key's value.
func (m ConcurrentMap[K, V]) Store(key K, value V) { m.values.Set(key, value) }

// LoadOrStore sets the key's value if it has none.
func (m ConcurrentMap[K, V]) LoadOrStore(key K, value V) (actual V, loaded bool) {
	actual = m.values.Upsert(key, value, func(exists bool, old, fresh V) V {
		if loaded = exists; exists {
			return old
		}
		return fresh
	})
	return actual, loaded
}

// LoadAndDelete removes the key.
func (m ConcurrentMap[K, V]) LoadAndDelete(key K) (V, bool) { return m.values.Pop(key) }

// Range calls f for each key.
func (m ConcurrentMap[K, V]) Range(f func(K, V) bool) {
	ended := false
	m.values.IterCb(func(key K, value V) { ended = ended || !f(key, value) })
}

// Len returns the number of keys.
func (m ConcurrentMap[K, V]) Len() int { return m.values.Count() }
