package barrier

import (
	"runtime"
	"sync/atomic"
)

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

// CentralPark is CentralSpin whose waiters look only for a moment, then let others run, and then sleep, each on a channel of its own;
// the last arrival wakes those that do. When all parties are ready to run, one turn of each is what a phase needs in any
// case, and nobody needs to be woken.
//
// Source: as CentralSpin; spin-then-block from Karlin, Li, Manasse and Owicki 1991.
// Progress: blocking, parked. Space: two lines, and a line and a channel for each party. Ordering: none among the waiters.
// Wins: more parties than processors. Loses: the leader's walk over all parties as soon as one sleeps.
//
// NewCentralPark makes it; it must not be copied. The leader is the party that arrived last.
type CentralPark struct {
	CentralSpin
	asleep   atomic.Int32 // parties
	_        [cacheLine - 4]byte
	looks    int
	sleepers []sleeper
}

type sleeper struct {
	asleep atomic.Bool
	wake   chan struct{}
	_      [cacheLine - 16]byte
}

const (
	looks  = 128 // of a party before it lets others run, if each may have a processor
	yields = 4   // before it sleeps
)

// NewCentralPark makes a barrier.
func NewCentralPark(parties int) *CentralPark {
	b := &CentralPark{looks: 1, sleepers: make([]sleeper, parties)}
	if parties <= runtime.GOMAXPROCS(0) {
		b.looks = looks
	}
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
	if b.asleep.Load() > 0 {
		b.wake()
	}
	return true
}

// wake wakes who sleeps.
func (b *CentralPark) wake() {
	for i := range b.sleepers {
		if s := &b.sleepers[i]; s.asleep.Load() && s.asleep.CompareAndSwap(true, false) {
			s.wake <- struct{}{}
		}
	}
}

// sleep returns when phase is over. A leader that is late may wake a party that is in its next phase already.
func (b *CentralPark) sleep(s *sleeper, phase uint32) {
	for range yields {
		for range b.looks {
			if b.phase.Load() != phase {
				return
			}
		}
		runtime.Gosched()
	}
	b.asleep.Add(1)
	defer b.asleep.Add(-1)
	for b.phase.Load() == phase {
		s.asleep.Store(true)
		if b.phase.Load() != phase && s.asleep.CompareAndSwap(true, false) {
			return
		}
		<-s.wake
	}
}
