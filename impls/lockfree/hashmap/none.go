package hashmap

// None keeps nothing: what the loop and the interface call cost.
type None[K comparable, V any] struct{}

// Load finds nothing.
func (None[K, V]) Load(K) (value V, ok bool) { return value, false }

// Store forgets the value.
func (None[K, V]) Store(K, V) {}

// LoadAndDelete finds nothing.
func (None[K, V]) LoadAndDelete(K) (value V, ok bool) { return value, false }

// Range calls nothing.
func (None[K, V]) Range(func(K, V) bool) {}
