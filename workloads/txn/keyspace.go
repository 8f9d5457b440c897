package txn

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// A keySpace hands out the keys of new records, each the next, and knows up to which all
// of them are committed.
//
// Source: the acknowledged counter of YCSB (Cooper et al. 2010).
type keySpace struct {
	first uint64 // the first key that was not there before the window
	next  atomic.Uint64
	_     [cpu.Line]byte
	sure  atomic.Uint64 // all keys below it are committed

	mu   sync.Mutex
	done map[uint64]bool // committed keys above it
}

func newKeySpace(size int) *keySpace {
	k := &keySpace{first: uint64(size), done: map[uint64]bool{}}
	k.next.Store(k.first)
	k.sure.Store(k.first)
	return k
}

// take returns a new key.
func (k *keySpace) take() uint64 { return k.next.Add(1) - 1 }

// committed says that the records of some keys are.
func (k *keySpace) committed(keys []uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range keys {
		k.done[key] = true
	}
	sure := k.sure.Load()
	for ; k.done[sure]; sure++ {
		delete(k.done, sure)
	}
	k.sure.Store(sure)
}
