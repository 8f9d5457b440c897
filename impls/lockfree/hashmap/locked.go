package hashmap

import "sync"

// Locked is a Go map under a sync.Mutex.
//
// Source: The Go Blog, Go maps in action, Concurrency; sync.Mutex.
// Progress: blocking. Waiters sleep.
// Space: the map and a word.
// Ordering: that of the mutex. Range sees one instant.
// Wins: with writers, and where one goroutine at a time uses the map.
// Loses: with readers, because they wait for each other.
//
// Create it with NewLocked. It must not be copied.
type Locked[K comparable, V any] struct {
	mu     sync.Mutex
	values map[K]V
}

// NewLocked makes a map.
func NewLocked[K comparable, V any]() *Locked[K, V] { return &Locked[K, V]{values: map[K]V{}} }

// Load returns the key's value.
func (m *Locked[K, V]) Load(key K) (V, bool) {
	m.mu.Lock()
	value, ok := m.values[key]
	m.mu.Unlock()
	return value, ok
}

// Store sets the key's value.
func (m *Locked[K, V]) Store(key K, value V) {
	m.mu.Lock()
	m.values[key] = value
	m.mu.Unlock()
}

// LoadOrStore sets the key's value if it has none.
func (m *Locked[K, V]) LoadOrStore(key K, value V) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return loadOrStore(m.values, key, value)
}

// LoadAndDelete removes the key.
func (m *Locked[K, V]) LoadAndDelete(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return loadAndDelete(m.values, key)
}

// Range calls f for each key, under the lock.
func (m *Locked[K, V]) Range(f func(K, V) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	each(m.values, f)
}

// Len returns the number of keys.
func (m *Locked[K, V]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.values)
}

func loadOrStore[K comparable, V any](values map[K]V, key K, value V) (V, bool) {
	if old, ok := values[key]; ok {
		return old, true
	}
	values[key] = value
	return value, false
}

func loadAndDelete[K comparable, V any](values map[K]V, key K) (V, bool) {
	value, ok := values[key]
	delete(values, key)
	return value, ok
}

// each calls f for each key until f returns false. It reports whether f returned true for
// all.
func each[K comparable, V any](values map[K]V, f func(K, V) bool) bool {
	for k, v := range values {
		if !f(k, v) {
			return false
		}
	}
	return true
}

// RWLocked is a Go map under a sync.RWMutex.
//
// Source: The Go Blog, Go maps in action, Concurrency; sync.RWMutex.
// Progress: blocking. Waiters sleep. A waiting writer blocks later readers.
// Space: the map and three words.
// Ordering: that of the lock. Range sees one instant.
// Wins: with a Range among readers, because they run together.
// Loses: with short reads, because every reader writes the lock's word. Few processors
// gain little over Locked, and many lose.
//
// Create it with NewRWLocked. It must not be copied.
type RWLocked[K comparable, V any] struct {
	mu     sync.RWMutex
	values map[K]V
}

// NewRWLocked makes a map.
func NewRWLocked[K comparable, V any]() *RWLocked[K, V] { return &RWLocked[K, V]{values: map[K]V{}} }

// Load returns the key's value.
func (m *RWLocked[K, V]) Load(key K) (V, bool) {
	m.mu.RLock()
	value, ok := m.values[key]
	m.mu.RUnlock()
	return value, ok
}

// Store sets the key's value.
func (m *RWLocked[K, V]) Store(key K, value V) {
	m.mu.Lock()
	m.values[key] = value
	m.mu.Unlock()
}

// LoadOrStore sets the key's value if it has none. It looks as a reader first. It looks
// again as a writer, because another writer may have set it since.
func (m *RWLocked[K, V]) LoadOrStore(key K, value V) (V, bool) {
	if old, ok := m.Load(key); ok {
		return old, true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return loadOrStore(m.values, key, value)
}

// LoadAndDelete removes the key.
func (m *RWLocked[K, V]) LoadAndDelete(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return loadAndDelete(m.values, key)
}

// Range calls f for each key, under the lock.
func (m *RWLocked[K, V]) Range(f func(K, V) bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	each(m.values, f)
}

// Len returns the number of keys.
func (m *RWLocked[K, V]) Len() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.values)
}
