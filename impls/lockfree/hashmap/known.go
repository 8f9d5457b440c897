package hashmap

import (
	"encoding/binary"

	"github.com/Workiva/go-datastructures/trie/ctrie"
	"github.com/alphadose/haxmap"
	"github.com/bytedance/gopkg/collection/skipmap"
)

// Haxmap is the map of the module haxmap: a sorted list of all entries, with a table that
// points into it.
//
// Source: github.com/alphadose/haxmap v1.4.1.
// It is broken. GetOrSet looks for the key, and then sets it as Set does. If another call
// sets the key between these steps, GetOrSet replaces its value and reports that it has
// stored. Both calls then report that their value is the first. A call may also store
// into a deleted node or insert behind it, and then that write is lost.
//
// Create it with NewHaxmap. Copies are the same map.
type Haxmap[V any] struct{ values *haxmap.Map[uint64, V] }

// NewHaxmap makes a map.
func NewHaxmap[V any]() Haxmap[V] { return Haxmap[V]{haxmap.New[uint64, V]()} }

// Load returns the key's value.
func (m Haxmap[V]) Load(key uint64) (V, bool) { return m.values.Get(key) }

// Store sets the key's value.
func (m Haxmap[V]) Store(key uint64, value V) { m.values.Set(key, value) }

// LoadOrStore sets the key's value if it has none.
func (m Haxmap[V]) LoadOrStore(key uint64, value V) (V, bool) { return m.values.GetOrSet(key, value) }

// LoadAndDelete removes the key.
func (m Haxmap[V]) LoadAndDelete(key uint64) (V, bool) { return m.values.GetAndDel(key) }

// Range calls f for each key.
func (m Haxmap[V]) Range(f func(uint64, V) bool) { m.values.ForEach(f) }

// Len returns the number of keys.
func (m Haxmap[V]) Len() int { return int(m.values.Len()) }

// Skipmap is the skip list of the module gopkg, with a lock in each node for writers.
//
// Source: github.com/bytedance/gopkg v0.1.4, collection/skipmap; Herlihy, Lev, Luchangco
// and Shavit 2007.
// It is broken. LoadOrStore and Store find a node that is still being linked, and return
// or replace its value. Load ignores such a node. So a goroutine may miss what it has
// just stored or loaded. Store also checks whether a node is deleted before it replaces
// the value, and not in the same step. So it may store into a node that is being deleted.
//
// Create it with NewSkipmap. Copies are the same map.
type Skipmap[V any] struct{ values *skipmap.Uint64Map }

// NewSkipmap makes a map.
func NewSkipmap[V any]() Skipmap[V] { return Skipmap[V]{skipmap.NewUint64()} }

// Load returns the key's value.
func (m Skipmap[V]) Load(key uint64) (value V, ok bool) {
	v, ok := m.values.Load(key)
	value, _ = v.(V) // a nil interface has no type
	return value, ok
}

// Store sets the key's value.
func (m Skipmap[V]) Store(key uint64, value V) { m.values.Store(key, value) }

// LoadOrStore sets the key's value if it has none.
func (m Skipmap[V]) LoadOrStore(key uint64, value V) (V, bool) {
	v, loaded := m.values.LoadOrStore(key, value)
	actual, _ := v.(V)
	return actual, loaded
}

// LoadAndDelete removes the key.
func (m Skipmap[V]) LoadAndDelete(key uint64) (value V, ok bool) {
	v, ok := m.values.LoadAndDelete(key)
	value, _ = v.(V)
	return value, ok
}

// Range calls f for each key.
func (m Skipmap[V]) Range(f func(uint64, V) bool) {
	m.values.Range(func(key uint64, value any) bool {
		v, _ := value.(V)
		return f(key, v)
	})
}

// Len returns the number of keys.
func (m Skipmap[V]) Len() int { return m.values.Len() }

// Ctrie is the concurrent hash trie of the module go-datastructures. A snapshot of it
// costs one compare-and-swap.
//
// Source: github.com/Workiva/go-datastructures v1.1.7, trie/ctrie; Prokopec, Bronson,
// Bagwell and Odersky 2012.
// Progress: lock-free.
// Space: nodes of up to 32 pointers, copied for every change.
// Ordering: sequentially consistent. Range sees one instant.
// Wins: in a Range among writers, because a snapshot blocks none of them.
// Loses: keys are byte slices on the heap, even for a Load. Range passes each key through
// a channel, and Len is a Range. It has no LoadOrStore.
// It is broken after a snapshot, which Range and Len take. When a removal makes a node
// smaller, the new node lacks its generation. The next insertion takes it for a node from
// before the snapshot, and copies what is below it. Concurrent writes there are lost. If
// the generation is kept, no key is lost.
//
// Create it with NewCtrie. Copies are the same map.
type Ctrie[V any] struct{ values *ctrie.Ctrie }

// NewCtrie makes a map.
func NewCtrie[V any]() Ctrie[V] { return Ctrie[V]{ctrie.New(nil)} }

func bytesOf(key uint64) []byte { return binary.LittleEndian.AppendUint64(make([]byte, 0, 8), key) }

// Load returns the key's value.
func (m Ctrie[V]) Load(key uint64) (value V, ok bool) {
	v, ok := m.values.Lookup(bytesOf(key))
	value, _ = v.(V)
	return value, ok
}

// Store sets the key's value.
func (m Ctrie[V]) Store(key uint64, value V) { m.values.Insert(bytesOf(key), value) }

// LoadAndDelete removes the key.
func (m Ctrie[V]) LoadAndDelete(key uint64) (value V, ok bool) {
	v, ok := m.values.Remove(bytesOf(key))
	value, _ = v.(V)
	return value, ok
}

// Range calls f for each key of a snapshot.
func (m Ctrie[V]) Range(f func(uint64, V) bool) {
	stop := make(chan struct{})
	defer close(stop)
	for e := range m.values.Iterator(stop) {
		value, _ := e.Value.(V)
		if !f(binary.LittleEndian.Uint64(e.Key), value) {
			return
		}
	}
}

// Len returns the number of keys.
func (m Ctrie[V]) Len() int { return int(m.values.Size()) }
