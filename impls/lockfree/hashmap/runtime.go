package hashmap

import "sync"

// Sync is sync.Map. Since Go 1.24 it is a hash trie with a lock in each node.
//
// Source: sync.Map; internal/sync.HashTrieMap of Go 1.26.
// Progress: Load is lock-free. Writers wait for each other at a node.
// Space: a node of 16 pointers for up to 16 keys or nodes. Keys and values are boxed,
// because they are interfaces.
// Ordering: that of the Go memory model. Range sees each key at a different instant.
// Wins: with readers, and with writers of different keys.
// Loses: where boxing costs more than a lock. It has no Len.
//
// The zero value is empty. It must not be copied.
type Sync[K comparable, V any] struct{ values sync.Map }

// Load returns the key's value.
func (m *Sync[K, V]) Load(key K) (value V, ok bool) {
	v, ok := m.values.Load(key)
	value, _ = v.(V) // a nil interface has no type
	return value, ok
}

// Store sets the key's value.
func (m *Sync[K, V]) Store(key K, value V) { m.values.Store(key, value) }

// LoadOrStore sets the key's value if it has none.
func (m *Sync[K, V]) LoadOrStore(key K, value V) (V, bool) {
	v, loaded := m.values.LoadOrStore(key, value)
	actual, _ := v.(V)
	return actual, loaded
}

// LoadAndDelete removes the key.
func (m *Sync[K, V]) LoadAndDelete(key K) (value V, ok bool) {
	v, ok := m.values.LoadAndDelete(key)
	value, _ = v.(V)
	return value, ok
}

// Range calls f for each key.
func (m *Sync[K, V]) Range(f func(K, V) bool) {
	m.values.Range(func(key, value any) bool {
		k, _ := key.(K)
		v, _ := value.(V)
		return f(k, v)
	})
}
