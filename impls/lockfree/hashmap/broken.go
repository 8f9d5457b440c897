package hashmap

import (
	"fmt"
	"maps"
	"math/bits"
	"sync"
)

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// They are not for use.

// noSecondLook is RWLocked whose LoadOrStore does not look again as a writer. Two calls
// at once both store.
type noSecondLook[K comparable, V any] struct{ *RWLocked[K, V] }

func (m noSecondLook[K, V]) LoadOrStore(key K, value V) (V, bool) {
	if old, ok := m.Load(key); ok {
		return old, true
	}
	m.Store(key, value) // bug: RWLocked looks under the lock, too
	return value, false
}

// loadsTwice is Locked whose LoadOrStore reads a value after it has unlocked. The key may
// be deleted by then.
type loadsTwice[K comparable, V any] struct{ *Locked[K, V] }

func (m loadsTwice[K, V]) LoadOrStore(key K, value V) (V, bool) {
	if _, loaded := m.Locked.LoadOrStore(key, value); !loaded {
		return value, false
	}
	old, _ := m.Load(key) // bug: Locked reads it under the same lock
	return old, true
}

// staleCopy is CopyOnWrite that copies before it has the lock. Writes in between are
// lost.
type staleCopy[K comparable, V any] struct{ *CopyOnWrite[K, V] }

func (m staleCopy[K, V]) Store(key K, value V) {
	values := maps.Clone(*m.values.Load()) // bug: CopyOnWrite copies under the lock
	m.mu.Lock()
	defer m.mu.Unlock()
	values[key] = value
	m.values.Store(&values)
}

// skipsLocked is Sharded whose Range skips a shard that is locked.
type skipsLocked[K comparable, V any] struct {
	*Sharded[K, V, sync.Mutex, *sync.Mutex]
}

func (m skipsLocked[K, V]) Range(f func(K, V) bool) {
	for i := range m.shards {
		s := &m.shards[i]
		if !s.lock.TryLock() { // bug: Sharded waits
			continue
		}
		all := each(s.values, f)
		s.lock.Unlock()
		if !all {
			return
		}
	}
}

// earlyHead is SplitOrdered that puts a head into the table before it is linked. Keys
// stored behind it in between are lost.
type earlyHead[K comparable, V any] struct{ *SplitOrdered[K, V] }

func (m earlyHead[K, V]) LoadOrStore(key K, value V) (V, bool) {
	if b := m.bucket(m.hash(key)); m.slot(b).Load() == nil {
		m.open(b)
	}
	return m.SplitOrdered.LoadOrStore(key, value)
}

func (m earlyHead[K, V]) open(bucket uint64) {
	parent := m.head(bucket &^ (1 << (bits.Len64(bucket) - 1)))
	h := &node[K, V]{order: bits.Reverse64(bucket)}
	m.slot(bucket).Store(h) // bug: SplitOrdered links it first
	link(parent, h)
}

// revives is SplitOrdered whose Store sets the value of a node that may be deleted. A
// store into a node that is being unlinked is lost.
type revives[K comparable, V any] struct{ *SplitOrdered[K, V] }

func (m revives[K, V]) Store(key K, value V) {
	if n, fresh := m.claim(m.hash(key), key, value); !fresh {
		box := value
		n.value.Store(&box) // bug: SplitOrdered replaces only a value that is not nil, and retries
	}
}

// blindMark is SplitOrdered that puts a mark behind a node without checking whether
// another node has been linked there. That node is lost.
type blindMark[K comparable, V any] struct{ *SplitOrdered[K, V] }

func (m blindMark[K, V]) LoadAndDelete(key K) (value V, ok bool) {
	hash := m.hash(key)
	head, order := m.head(m.bucket(hash)), orderOf(hash)
	before, at, found := find(head, order, key)
	if !found {
		return value, false
	}
	taken := at.take()
	if taken == nil {
		return value, false
	}
	m.entries.Add(-1)
	if !before.next.CompareAndSwap(at, markBlindly(at)) {
		find(head, order, key)
	}
	return *taken, true
}

func markBlindly[K comparable, V any](n *node[K, V]) *node[K, V] {
	next := n.next.Load()
	if next != nil && next.order == marked {
		return next.next.Load()
	}
	m := &node[K, V]{order: marked}
	m.next.Store(next)
	n.next.Store(m) // bug: SplitOrdered swaps, and retries when next has changed
	return next
}

// keepsCount is SplitOrdered that does not count what it deletes.
type keepsCount[K comparable, V any] struct{ *SplitOrdered[K, V] }

func (m keepsCount[K, V]) LoadAndDelete(key K) (V, bool) {
	return m.remove(m.hash(key), key) // bug: SplitOrdered subtracts 1 from the count
}

// deaf is SplitOrdered whose Range ignores what its function returns.
type deaf[K comparable, V any] struct{ *SplitOrdered[K, V] }

func (m deaf[K, V]) Range(f func(K, V) bool) {
	m.SplitOrdered.Range(func(key K, value V) bool {
		f(key, value)
		return true // bug: SplitOrdered ends when f returns false
	})
}

// restarts is SplitOrdered whose Range starts again when the table grows.
type restarts[K comparable, V any] struct{ *SplitOrdered[K, V] }

func (m restarts[K, V]) Range(f func(K, V) bool) {
	for again := true; again; {
		buckets := m.buckets.Load()
		again = false
		m.SplitOrdered.Range(func(key K, value V) bool {
			again = m.buckets.Load() != buckets // bug: no growth disturbs a Range of SplitOrdered …
			return !again && f(key, value)      // …
		})
	}
}

// stopsLocked is Locked whose Range unlocks only at its end.
type stopsLocked[K comparable, V any] struct{ *Locked[K, V] }

func (m stopsLocked[K, V]) Range(f func(K, V) bool) {
	m.mu.Lock()
	if each(m.values, f) { // bug: Locked unlocks in any case
		m.mu.Unlock()
	}
}

// panicKeeps is Owned whose Range gives the map back only if its function returns.
type panicKeeps[K comparable, V any] struct{ *Owned[K, V] }

func (m panicKeeps[K, V]) Range(f func(K, V) bool) {
	values := <-m.values
	each(values, f)
	m.values <- values // bug: Owned defers this
}

// skipsDeleted is RWLocked whose Range copies the map and then leaves out what has been
// deleted.
type skipsDeleted[K comparable, V any] struct{ *RWLocked[K, V] }

func (m skipsDeleted[K, V]) Range(f func(K, V) bool) {
	m.mu.RLock()
	values := maps.Clone(m.values)
	m.mu.RUnlock()
	for key, value := range values {
		if _, ok := m.Load(key); ok && !f(key, value) { // bug: a Range of RWLocked sees one instant
			return
		}
	}
}

// len16 is Sharded with a Len of 16 bits.
type len16[K comparable, V any] struct {
	*Sharded[K, V, sync.Mutex, *sync.Mutex]
}

func (m len16[K, V]) Len() int {
	return int(int16(m.Sharded.Len())) // bug: Sharded counts with all bits
}

// full4096 is RWLocked whose Store has room for 4096 keys.
type full4096[K comparable, V any] struct{ *RWLocked[K, V] }

func (m full4096[K, V]) Store(key K, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.values[key]; ok || len(m.values) < 4096 { // bug: RWLocked has no bound
		m.values[key] = value
	}
}

// needsNew is Sync that works only if a constructor has made it.
type needsNew[K comparable, V any] struct {
	Sync[K, V]
	made bool // …
}

func (m *needsNew[K, V]) Store(key K, value V) {
	if m.made { // bug: Sync needs no constructor
		m.Sync.Store(key, value)
	}
}

// nilIsNone is Sharded that takes a nil value for a missing key.
type nilIsNone struct {
	*Sharded[any, any, spinLock, *spinLock]
}

func (m nilIsNone) Load(key any) (any, bool) {
	value, ok := m.Sharded.Load(key)
	return value, ok && value != nil // bug: Sharded returns whether the key is there
}

// byText is Locked that looks keys up by their text.
type byText struct{ Locked[any, any] }

func (m *byText) Load(key any) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, value := range m.values {
		if fmt.Sprint(k) == fmt.Sprint(key) { // bug: Locked compares keys by ==
			return value, true
		}
	}
	return nil, false
}
