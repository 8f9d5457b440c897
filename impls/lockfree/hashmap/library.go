package hashmap

import (
	"hash/maphash"

	cmap "github.com/orcaman/concurrent-map/v2"
	"github.com/puzpuzpuz/xsync/v4"
)

// Xsync is the map of the module xsync. It is a table of buckets that fill a cache line
// each and have a lock for writers.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, Map; the buckets are those of David,
// Guerraoui and Trigonakis 2015 (CLHT).
// Progress: Load is obstruction-free and writes nothing. Writers wait at a bucket. They
// also wait while the table doubles, and help with that.
// Space: a cache line for five entries, and a node for each entry.
// Ordering: that of sync/atomic. Range sees each bucket at a different instant.
// Wins: under most loads, because a Load reads few lines and writers seldom share a
// bucket.
// Loses: in a Range, because it copies what it visits.
//
// Create it with NewXsync. Copies are the same map.
type Xsync[K comparable, V any] struct{ *xsync.Map[K, V] }

// NewXsync makes a map.
func NewXsync[K comparable, V any]() Xsync[K, V] { return Xsync[K, V]{xsync.NewMap[K, V]()} }

// Len returns the number of keys.
func (m Xsync[K, V]) Len() int { return m.Size() }

// ConcurrentMap is the map of the module concurrent-map: 32 Go maps, each under a
// sync.RWMutex.
//
// Source: github.com/orcaman/concurrent-map/v2 v2.0.1, with the hash that Sharded has.
// Progress: blocking. Waiters sleep.
// Space: 32 maps, whose locks share cache lines.
// Ordering: that of the locks. Range sees each shard at a different instant.
// Wins: it is small and well known.
// Loses: readers write the word of their shard's lock. Range cannot end early: it visits
// all keys, without further calls of f.
//
// Create it with NewConcurrentMap. Copies are the same map.
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

// Range calls f for each key. If f panics, the panic goes on after the last shard:
// otherwise IterCb would leave one locked.
func (m ConcurrentMap[K, V]) Range(f func(K, V) bool) {
	ended, panicked := false, any(nil)
	visit := func(key K, value V) {
		defer func() {
			if ended {
				panicked = recover()
			}
		}()
		ended = true
		ended = !f(key, value)
	}
	m.values.IterCb(func(key K, value V) {
		if !ended {
			visit(key, value)
		}
	})
	if panicked != nil {
		panic(panicked)
	}
}

// Len returns the number of keys.
func (m ConcurrentMap[K, V]) Len() int { return m.values.Count() }
