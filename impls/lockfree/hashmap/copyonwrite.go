package hashmap

import (
	"maps"
	"sync"
	"sync/atomic"
)

// CopyOnWrite is a pointer to a Go map that is never changed. A writer copies the map,
// changes the copy and replaces the pointer.
//
// Source: sync/atomic.Value, example ReadMostly; Java's CopyOnWriteArrayList.
// Progress: readers are wait-free. Writers block each other, so that none copies in vain.
// Space: twice the map during a write, and older copies that readers still use.
// Ordering: sequentially consistent. Range sees one instant, and blocks no other call.
// Wins: with maps that are written at the start and almost never later.
// Loses: with writes to a large map, because each copies all keys.
//
// Create it with NewCopyOnWrite. It must not be copied.
type CopyOnWrite[K comparable, V any] struct {
	values atomic.Pointer[map[K]V]
	mu     sync.Mutex // for writers
}

// NewCopyOnWrite makes a map.
func NewCopyOnWrite[K comparable, V any]() *CopyOnWrite[K, V] {
	m := &CopyOnWrite[K, V]{}
	m.values.Store(&map[K]V{})
	return m
}

// Load returns the key's value.
func (m *CopyOnWrite[K, V]) Load(key K) (V, bool) {
	value, ok := (*m.values.Load())[key]
	return value, ok
}

// Store sets the key's value.
func (m *CopyOnWrite[K, V]) Store(key K, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	values := maps.Clone(*m.values.Load())
	values[key] = value
	m.values.Store(&values)
}

// LoadOrStore sets the key's value if it has none. It looks again under the lock, because
// another writer may have set it since.
func (m *CopyOnWrite[K, V]) LoadOrStore(key K, value V) (V, bool) {
	if old, ok := m.Load(key); ok {
		return old, true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.Load(key); ok {
		return old, true
	}
	values := maps.Clone(*m.values.Load())
	values[key] = value
	m.values.Store(&values)
	return value, false
}

// LoadAndDelete removes the key.
func (m *CopyOnWrite[K, V]) LoadAndDelete(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.Load(key)
	if ok {
		values := maps.Clone(*m.values.Load())
		delete(values, key)
		m.values.Store(&values)
	}
	return value, ok
}

// Range calls f for each key.
func (m *CopyOnWrite[K, V]) Range(f func(K, V) bool) { each(*m.values.Load(), f) }

// Len returns the number of keys.
func (m *CopyOnWrite[K, V]) Len() int { return len(*m.values.Load()) }
