package barrier

import (
	"sync"
	"sync/atomic"
)

// CondAtomic sleeps in a sync.Cond without a mutex. Cond.Wait puts the caller into its list before it unlocks its Locker, so a Locker
// whose Unlock counts the arrival counts nobody that a Broadcast could miss.
//
// Source: sync.Cond, whose Wait "atomically unlocks c.L and suspends execution".
// Progress: blocking, parked. Space: constant. Ordering: none among the waiters.
// Wins: more parties than processors; no mutex to wake to. Loses: every phase sleeps, also that of parties which are there at once.
//
// NewCondAtomic makes it; it must not be copied. The leader is party 0.
type CondAtomic struct {
	met     sync.Cond
	parties int32
	_       [cacheLine]byte
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

// An arrival is a CondAtomic as the Locker of its Cond.
type arrival CondAtomic

// Unlock counts the caller, who is in the list; the last one lets all go, itself included.
func (b *arrival) Unlock() {
	if b.left.Add(-1) == 0 {
		b.left.Store(b.parties)
		b.met.Broadcast()
	}
}

// Lock looks at the count, so that what all did before happens before what follows.
func (b *arrival) Lock() { b.left.Load() }
