package barrier

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// CondAtomic puts parties to sleep in a sync.Cond that has no mutex. Cond.Wait adds the
// caller to its list before it unlocks its Locker. Here that Unlock counts the arrival,
// so a Broadcast reaches every party that has been counted.
//
// Source: sync.Cond, whose Wait "atomically unlocks c.L and suspends execution".
// Progress: blocking; waiters sleep. Space: two lines.
// Ordering: every arrival's Add synchronizes before the last one's, and that one before
// the load in Lock.
// Wins: more parties than processors, since a party that wakes up takes no mutex. Loses:
// parties sleep in every phase, even if all arrive at once.
//
// NewCondAtomic makes it; it must not be copied. The leader is party 0.
type CondAtomic struct {
	met     sync.Cond
	parties int32
	_       [cpu.Line]byte
	left    atomic.Int32
}

// NewCondAtomic makes a barrier.
func NewCondAtomic(parties int) *CondAtomic {
	b := &CondAtomic{parties: int32(parties)}
	b.left.Store(b.parties)
	b.met.L = (*arrival)(b)
	return b
}

// Wait waits for all parties.
func (b *CondAtomic) Wait(id int) bool {
	b.met.Wait()
	return id == 0
}

// An arrival is a CondAtomic in the role of its Cond's Locker.
type arrival CondAtomic

// Unlock counts the caller, which is already in the list. The last party to arrive wakes
// all, including itself.
func (b *arrival) Unlock() {
	if b.left.Add(-1) == 0 {
		b.left.Store(b.parties)
		b.met.Broadcast()
	}
}

// Lock loads the count, so that what all parties did before happens before what follows.
func (b *arrival) Lock() { b.left.Load() }
