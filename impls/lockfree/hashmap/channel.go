package hashmap

// Owned is a Go map that is kept in a channel of capacity one. A goroutine that has taken
// it out owns it.
//
// Source: Hoare 1978, §5; Effective Go, Share by communicating.
// Progress: blocking. Waiters sleep, and are served in order of arrival.
// Space: the map and a channel.
// Ordering: that of the channel. Range sees one instant.
// Wins: nowhere.
// Loses: two channel operations for each call, also for readers.
//
// Create it with NewOwned. Copies are the same map.
type Owned[K comparable, V any] struct{ values chan map[K]V }

// NewOwned makes a map.
func NewOwned[K comparable, V any]() *Owned[K, V] {
	m := &Owned[K, V]{make(chan map[K]V, 1)}
	m.values <- map[K]V{}
	return m
}

// Load returns the key's value.
func (m *Owned[K, V]) Load(key K) (V, bool) {
	values := <-m.values
	value, ok := values[key]
	m.values <- values
	return value, ok
}

// Store sets the key's value.
func (m *Owned[K, V]) Store(key K, value V) {
	values := <-m.values
	values[key] = value
	m.values <- values
}

// LoadOrStore sets the key's value if it has none.
func (m *Owned[K, V]) LoadOrStore(key K, value V) (V, bool) {
	values := <-m.values
	value, loaded := loadOrStore(values, key, value)
	m.values <- values
	return value, loaded
}

// LoadAndDelete removes the key.
func (m *Owned[K, V]) LoadAndDelete(key K) (V, bool) {
	values := <-m.values
	value, ok := loadAndDelete(values, key)
	m.values <- values
	return value, ok
}

// Range calls f for each key while it owns the map.
func (m *Owned[K, V]) Range(f func(K, V) bool) {
	values := <-m.values
	defer func() { m.values <- values }()
	each(values, f)
}

// Len returns the number of keys.
func (m *Owned[K, V]) Len() int {
	values := <-m.values
	defer func() { m.values <- values }()
	return len(values)
}
