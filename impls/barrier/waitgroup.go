package barrier

import "sync"

// WaitGroup is a barrier of three sync.WaitGroups in turn, each counting the arrivals of every third phase. A group may be
// filled again only when all have returned from its Wait, and that is known one phase later; so a pair would not do.
//
// Source: sync.WaitGroup, whose documentation states the rule for reuse.
// Progress: blocking, parked. Space: three groups. Ordering: none among the waiters.
// Wins: no code of one's own to get wrong. Loses: a wake-up per party and phase through one semaphore.
//
// NewWaitGroup makes it; it must not be copied. The leader is party 0.
type WaitGroup struct {
	parties int
	groups  [3]sync.WaitGroup
	turns   []turn // of each party
}

type turn struct {
	at int // the group of its next phase
	_  [cacheLine - 8]byte
}

// NewWaitGroup makes a barrier.
func NewWaitGroup(parties int) *WaitGroup {
	b := &WaitGroup{parties: parties, turns: make([]turn, parties)}
	b.groups[0].Add(parties)
	b.groups[1].Add(parties)
	return b
}

// Wait waits for all parties.
func (b *WaitGroup) Wait(id int) bool {
	at := b.turns[id].at
	b.turns[id].at = (at + 1) % len(b.groups)
	b.groups[at].Done()
	b.groups[at].Wait()
	if id != 0 {
		return false
	}
	// All have arrived here, so all have left the group before; nobody needs it again before this party's next arrival.
	b.groups[(at+2)%len(b.groups)].Add(b.parties)
	return true
}
