package hashmap

import (
	"hash/maphash"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Sharded is many Go maps, each with its own lock. The key's hash says which map it is
// in.
//
// Source: Herlihy and Shavit, The Art of Multiprocessor Programming, §13.2.2 (striped
// locks); Java 5's ConcurrentHashMap (segments). For NewSpinning the test and
// test-and-set of Rudolph and Segall 1984, §5.
// Progress: blocking. Calls for two keys wait for each other only if the keys share a
// shard.
// Space: eight maps for each processor, each with a cache line.
// Ordering: that of the locks. Range and Len see each shard at a different instant.
// Wins: with writers on two or more processors.
// Loses: under a skewed load, because most calls then wait for one shard. With the spin
// lock also when a holder is descheduled.
//
// Create it with NewSharded or NewSpinning. It must not be copied.
type Sharded[K comparable, V any, L any, P locker[L]] struct {
	seed   maphash.Seed
	shards []shard[K, V, L]
}

// locker is a *L that locks. With it, a shard holds its lock and not a pointer to it.
type locker[L any] interface {
	*L
	sync.Locker
}

type shard[K comparable, V any, L any] struct {
	lock   L
	values map[K]V
	_      [cpu.Line - 16]byte
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

// shards is eight for each processor, rounded up to a power of two.
func shards() int { return cpu.PowerOfTwo(8 * runtime.GOMAXPROCS(0)) }

// spinLock is as large as a sync.Mutex, so that a shard has the same size with either.
type spinLock struct{ held atomic.Uint64 }

// Lock waits until the lock is free, and takes it.
func (l *spinLock) Lock() {
	var s cpu.Spinner
	for l.held.Load() == 1 || !l.held.CompareAndSwap(0, 1) {
		s.Turn()
	}
}

// Unlock releases the lock.
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
