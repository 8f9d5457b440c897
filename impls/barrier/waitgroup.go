package barrier

import (
	"sync"

	"github.com/contendbench/contend/impls/cpu"
)

// WaitGroup alternates between three sync.WaitGroups, each of which counts the arrivals
// of every third phase. A group may be reused only after all parties have returned from
// its Wait. A party knows that one phase later, so two groups are not enough.
//
// Source: sync.WaitGroup, whose documentation states the rule for reuse.
// Progress: blocking; waiters sleep. Space: three groups, and a line for each party.
// Ordering: each Done synchronizes before the return of the Wait that it unblocks.
// Wins: it leaves the difficult part to the standard library. Loses: one semaphore wakes
// up all parties, one after the other.
//
// NewWaitGroup makes it; it must not be copied. The leader is party 0.
type WaitGroup struct {
	parties int
	groups  [3]sync.WaitGroup
	cursors []cursor // one for each party
}

type cursor struct {
	next int // the group of the party's next phase
	_    [cpu.Line - 8]byte
}

// NewWaitGroup makes a barrier.
func NewWaitGroup(parties int) *WaitGroup {
	b := &WaitGroup{parties: parties, cursors: make([]cursor, parties)}
	b.groups[0].Add(parties)
	b.groups[1].Add(parties)
	return b
}

// Wait waits for all parties.
func (b *WaitGroup) Wait(id int) bool {
	at := b.cursors[id].next
	b.cursors[id].next = (at + 1) % len(b.groups)
	b.groups[at].Done()
	b.groups[at].Wait()
	if id != 0 {
		return false
	}
	// All parties have arrived here, so all have left the previous group. No party uses
	// that group again before this party's next arrival.
	b.groups[(at+2)%len(b.groups)].Add(b.parties)
	return true
}
