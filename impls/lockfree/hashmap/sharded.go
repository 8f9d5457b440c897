package hashmap

import (
	"hash/maphash"
	"runtime"
	"sync"
	"sync/atomic"
)

// Sharded is many Go maps, each under a lock of its own; the key's hash says in which map it is.
//
// Source: Herlihy and Shavit, The Art of Multiprocessor Programming, §13.2.2 (striped locks); Java 5's ConcurrentHashMap
// (segments). For NewSpinning the test and test-and-set of Rudolph and Segall 1984, §5.
// Progress: blocking; two keys wait for each other only where they share a shard. Space: eight maps and lines a processor.
// Ordering: that of the locks; Range and Len see each shard at another instant.
// Wins: writers, from two processors on. Loses: a skewed load makes one shard the lock of all; with the spin lock, a
// holder that is preempted.
//
// NewSharded and NewSpinning make it; it must not be copied.
type Sharded[K comparable, V any, L any, P locker[L]] struct {
	seed   maphash.Seed
	shards []shard[K, V, L]
}

// locker says that *L locks, so that a shard holds its lock instead of a pointer to it.
type locker[L any] interface {
	*L
	sync.Locker
}

type shard[K comparable, V any, L any] struct {
	lock   L
	values map[K]V
	_      [cacheLine - 16]byte
}

// NewSharded makes a map whose shards are under a sync.Mutex.
func NewSharded[K comparable, V any]() *Sharded[K, V, sync.Mutex, *sync.Mutex] {
	return newSharded[K, V, sync.Mutex]()
}

// NewSpinning makes a map whose shards are under a spin lock.
func NewSpinning[K comparable, V any]() *Sharded[K, V, spinLock, *spinLock] {
	return newSharded[K, V, spinLock]()
}

func newSharded[K comparable, V any, L any, P locker[L]]() *Sharded[K, V, L, P] {
	m := &Sharded[K, V, L, P]{seed: maphash.MakeSeed(), shards: make([]shard[K, V, L], shards())}
	for i := range m.shards {
		m.shards[i].values = map[K]V{}
	}
	return m
}

// spinLock holds one word as the other locks do, so that a shard is as long under either.
type spinLock struct{ held atomic.Uint64 }

// patience is how many turns of an empty loop a waiter makes before it gives its processor away.
const patience = 64

// Lock waits until the lock is free, and takes it.
func (l *spinLock) Lock() {
	for turn := 1; l.held.Load() == 1 || !l.held.CompareAndSwap(0, 1); turn++ {
		if turn%patience == 0 {
			runtime.Gosched()
		}
	}
}

// Unlock gives the lock back.
func (l *spinLock) Unlock() { l.held.Store(0) }

func (m *Sharded[K, V, L, P]) of(key K) *shard[K, V, L] {
	return &m.shards[maphash.Comparable(m.seed, key)&uint64(len(m.shards)-1)]
}

// Load returns the key's value.
func (m *Sharded[K, V, L, P]) Load(key K) (V, bool) {
	s := m.of(key)
	P(&s.lock).Lock()
	value, ok := s.values[key]
	P(&s.lock).Unlock()
	return value, ok
}

// Store sets the key's value.
func (m *Sharded[K, V, L, P]) Store(key K, value V) {
	s := m.of(key)
	P(&s.lock).Lock()
	s.values[key] = value
	P(&s.lock).Unlock()
}

// LoadOrStore sets the key's value if it has none.
func (m *Sharded[K, V, L, P]) LoadOrStore(key K, value V) (V, bool) {
	s := m.of(key)
	P(&s.lock).Lock()
	defer P(&s.lock).Unlock()
	return loadOrStore(s.values, key, value)
}

// LoadAndDelete removes the key.
func (m *Sharded[K, V, L, P]) LoadAndDelete(key K) (V, bool) {
	s := m.of(key)
	P(&s.lock).Lock()
	defer P(&s.lock).Unlock()
	return loadAndDelete(s.values, key)
}

// Range calls f for each key, under the lock of its shard.
func (m *Sharded[K, V, L, P]) Range(f func(K, V) bool) {
	for i := range m.shards {
		if !m.shards[i].each(P(&m.shards[i].lock), f) {
			return
		}
	}
}

func (s *shard[K, V, L]) each(lock sync.Locker, f func(K, V) bool) bool {
	lock.Lock()
	defer lock.Unlock()
	return each(s.values, f)
}

// Len returns the number of keys.
func (m *Sharded[K, V, L, P]) Len() int {
	n := 0
	for i := range m.shards {
		s := &m.shards[i]
		P(&s.lock).Lock()
		n += len(s.values)
		P(&s.lock).Unlock()
	}
	return n
}
