package barrier

import "sync/atomic"

// CentralSpin counts arrivals down in one word; the last one fills it again and then turns the sense that all others spin
// on. The sense is a phase number, which each party reads before it arrives and so needs no copy of its own.
//
// Source: Hensgen, Finkel and Manber 1988, §2; Mellor-Crummey and Scott 1991 (TOCS), §3.1.
// Progress: blocking, spins and yields. Space: two lines. Ordering: none among the waiters.
// Wins: few parties, each on a processor. Loses: more parties than processors; all arrivals meet in one word.
//
// NewCentralSpin makes it; it must not be copied. The leader is the party that arrived last.
type CentralSpin struct {
	parties int32
	left    atomic.Int32
	_       [cacheLine - 8]byte
	phase   atomic.Uint32
	_       [cacheLine - 4]byte
}

// NewCentralSpin makes a barrier.
func NewCentralSpin(parties int) *CentralSpin {
	b := &CentralSpin{}
	b.init(parties)
	return b
}

func (b *CentralSpin) init(parties int) {
	b.parties = int32(parties)
	b.left.Store(b.parties)
}

// Wait waits for all parties.
func (b *CentralSpin) Wait(int) bool {
	phase := b.phase.Load()
	if b.left.Add(-1) > 0 {
		until(func() bool { return b.phase.Load() != phase })
		return false
	}
	b.left.Store(b.parties)
	b.phase.Add(1)
	return true
}

// CentralPark is CentralSpin whose waiters look only for a moment and then sleep, each on a channel of its own; the last
// arrival wakes those that do.
//
// Source: as CentralSpin; spin-then-block from Karlin, Li, Manasse and Owicki 1991.
// Progress: blocking, parked. Space: a line and a channel for each party. Ordering: none among the waiters.
// Wins: more parties than processors with work between. Loses: the leader's walk over all parties.
//
// NewCentralPark makes it; it must not be copied. The leader is the party that arrived last.
type CentralPark struct {
	CentralSpin
	sleepers []sleeper
}

type sleeper struct {
	asleep atomic.Bool
	wake   chan struct{}
	_      [cacheLine - 16]byte
}

// looks is how often a party looks for the others before it sleeps.
const looks = 128

// NewCentralPark makes a barrier.
func NewCentralPark(parties int) *CentralPark {
	b := &CentralPark{sleepers: make([]sleeper, parties)}
	b.init(parties)
	for i := range b.sleepers {
		b.sleepers[i].wake = make(chan struct{}, 1)
	}
	return b
}

// Wait waits for all parties.
func (b *CentralPark) Wait(id int) bool {
	phase := b.phase.Load()
	if b.left.Add(-1) > 0 {
		b.sleep(&b.sleepers[id], phase)
		return false
	}
	b.left.Store(b.parties)
	b.phase.Add(1)
	for i := range b.sleepers {
		if s := &b.sleepers[i]; s.asleep.Load() && s.asleep.CompareAndSwap(true, false) {
			s.wake <- struct{}{}
		}
	}
	return true
}

// sleep returns when phase is over. A leader that is late may wake a party that is in its next phase already.
func (b *CentralPark) sleep(s *sleeper, phase uint32) {
	for range looks {
		if b.phase.Load() != phase {
			return
		}
	}
	for b.phase.Load() == phase {
		s.asleep.Store(true)
		if b.phase.Load() != phase && s.asleep.CompareAndSwap(true, false) {
			return
		}
		<-s.wake
	}
}
