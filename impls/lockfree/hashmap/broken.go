package hashmap

import (
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
