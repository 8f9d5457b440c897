// Package hashmap holds implementations of tables of keys and values that many goroutines use at once.
//
// Load, Store, LoadOrStore and LoadAndDelete take effect at an instant each; a value that comes with false means nothing. Range calls f once for every key that is there
// from its begin to its end; a key that comes or goes meanwhile may be in it or not, and is in it once at the most. f must
// not call the map.
//
// To add an implementation, write it and add one line to All.
package hashmap

import "runtime"

// Map is a table of keys and values.
type Map[K comparable, V any] interface {
	Load(key K) (V, bool)
	Store(key K, value V)
	// LoadAndDelete removes the key, and returns the value that it had.
	LoadAndDelete(key K) (V, bool)
	// Range calls f for each key, and ends when f returns false.
	Range(f func(K, V) bool)
}

// Setter is a Map whose values can be set once.
type Setter[K comparable, V any] interface {
	Map[K, V]
	// LoadOrStore returns the value that is there, and true; if there is none it stores value, and returns it and false.
	LoadOrStore(key K, value V) (V, bool)
}

// Sized is a Map that knows how many keys it has. Len is exact when nobody changes the map.
type Sized[K comparable, V any] interface {
	Map[K, V]
	Len() int
}

// New makes an empty map.
type New[K comparable, V any] = func() Map[K, V]

// cacheLine is the distance in bytes that keeps two words from sharing a line, with the neighbour line that the
// prefetcher brings along.
const cacheLine = 128

// shards returns eight times the processors, rounded up to a power of two.
func shards() int {
	n := 1
	for n < 8*runtime.GOMAXPROCS(0) {
		n *= 2
	}
	return n
}
