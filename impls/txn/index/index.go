// Package index is the ordered index of stores in memory: keys, and a record for each.
package index

import (
	"sync"

	"github.com/puzpuzpuz/xsync/v4"
	"github.com/tidwall/btree"
)

// Index maps keys to records. What a record says, such as whether its key has a value, is
// up to the store. Its methods may be called by any goroutine.
type Index[R any] struct {
	points *xsync.Map[uint64, *R] // found without a lock

	mu    sync.RWMutex
	order btree.Map[uint64, *R] // the same records in the order of their keys
}

// Entry is a record and its key.
type Entry[R any] struct {
	Key    uint64
	Record *R
}

// New makes an empty index.
func New[R any]() *Index[R] { return &Index[R]{points: xsync.NewMap[uint64, *R]()} }

// Get returns the record of key, or nil.
func (x *Index[R]) Get(key uint64) *R {
	r, _ := x.points.Load(key)
	return r
}

// GetOrInsert returns the record of key. If there is none, it inserts what fresh returns.
func (x *Index[R]) GetOrInsert(key uint64, fresh func() *R) (r *R, inserted bool) {
	if r, ok := x.points.Load(key); ok {
		return r, false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if r, ok := x.order.Get(key); ok {
		return r, false
	}
	r = fresh()
	x.order.Set(key, r)
	x.points.Store(key, r)
	return r, true
}

// Remove removes key if its record is r.
func (x *Index[R]) Remove(key uint64, r *R) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if now, ok := x.order.Get(key); ok && now == r {
		x.order.Delete(key)
		x.points.Delete(key)
	}
}

// Range appends to entries the first records from first to last, both included, at most n.
func (x *Index[R]) Range(entries []Entry[R], first, last uint64, n int) []Entry[R] {
	x.mu.RLock()
	defer x.mu.RUnlock()
	x.order.Ascend(first, func(key uint64, r *R) bool {
		if key > last || n == 0 {
			return false
		}
		entries = append(entries, Entry[R]{key, r})
		n--
		return true
	})
	return entries
}

// RLock keeps keys from being inserted and removed until RUnlock, for several calls of
// Ascend that see one state.
func (x *Index[R]) RLock() { x.mu.RLock() }

// RUnlock undoes RLock.
func (x *Index[R]) RUnlock() { x.mu.RUnlock() }

// Ascend calls visit for the records from first to last, both included, until it returns
// false. The caller holds RLock.
func (x *Index[R]) Ascend(first, last uint64, visit func(key uint64, r *R) bool) {
	x.order.Ascend(first, func(key uint64, r *R) bool { return key <= last && visit(key, r) })
}

// Len returns how many keys have a record.
func (x *Index[R]) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.order.Len()
}
