// Package hashmap holds maps that many goroutines use at once.
//
// The contract: Load, Store, LoadOrStore and LoadAndDelete each take effect at one
// instant. Writes before a value is stored happen before the return of a call that gets
// it. A value that is returned with false means nothing. Keys are equal as in a Go map: a
// NaN is a new key each time.
//
// Range calls f once for every key that is in the map from its start to its end, and at
// most once for a key that is added or removed during the Range, even if it is removed and
// added again. One call comes after the other, none after f has returned false, and none
// after the end. f must not call the map. If it panics, the map stays usable.
//
// To add an implementation, write its file and add one line to All.
package hashmap

import "github.com/contendbench/contend/impls"

// Map holds keys and their values.
type Map[K comparable, V any] interface {
	Load(key K) (V, bool)
	Store(key K, value V)
	// LoadAndDelete removes the key, and returns the value that it had.
	LoadAndDelete(key K) (V, bool)
	// Range calls f for each key, and ends when f returns false.
	Range(f func(K, V) bool)
}

// Setter is a Map that can set a value once.
type Setter[K comparable, V any] interface {
	Map[K, V]
	// LoadOrStore returns the key's value and true. If the key has none, it stores value,
	// and returns it and false.
	LoadOrStore(key K, value V) (V, bool)
}

// Counted is a Map that knows how many keys it has. Len is exact while no goroutine
// changes the map.
type Counted[K comparable, V any] interface {
	Map[K, V]
	Len() int
}

// New makes an empty map.
type New[K comparable, V any] = func() Map[K, V]

// The promises of maps.
var (
	SetOnce = impls.Promise{
		Name:    "set-once",
		Meaning: "has a LoadOrStore that gives the same value to all goroutines that set a missing key at once",
	}
	Sized    = impls.Promise{Name: "sized", Meaning: "has a Len that is exact while no goroutine changes the map"}
	Snapshot = impls.Promise{Name: "snapshot", Meaning: "ranges over the keys of one instant"}
)
