package hashmap

// None keeps nothing. It shows what the loop and the interface call cost.
type None[K comparable, V any] struct{}

// Load finds nothing.
func (None[K, V]) Load(K) (value V, ok bool) { return value, false }

// Store drops the value.
func (None[K, V]) Store(K, V) {}

// LoadAndDelete finds nothing.
func (None[K, V]) LoadAndDelete(K) (value V, ok bool) { return value, false }

// Range never calls its argument.
func (None[K, V]) Range(func(K, V) bool) {}
