package barrier

import (
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// CentralSpin counts arrivals down in one word. The last party to arrive refills the
// count and then increments the phase number, on which all others spin. A party reads the
// phase number before it arrives, so it needs no sense flag of its own.
//
// Source: Hensgen, Finkel and Manber 1988, §2; Mellor-Crummey and Scott 1991 (TOCS),
// §3.1.
// Progress: blocking; waiters spin and yield. Space: two lines.
// Ordering: every arrival's Add synchronizes before the last one's. The increment of the
// phase number synchronizes before the load that sees it.
// Wins: few parties, each on a processor. Loses: more parties than processors. All
// arrivals write one word.
//
// NewCentralSpin makes it; it must not be copied. The leader is the party that arrived
// last.
type CentralSpin struct {
	parties int32
	left    atomic.Int32
	_       [cpu.Line - 8]byte
	phase   atomic.Uint32
	_       [cpu.Line - 4]byte
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
		cpu.Until(func() bool { return b.phase.Load() != phase })
		return false
	}
	b.left.Store(b.parties)
	b.phase.Add(1)
	return true
}

// CentralPark is CentralSpin whose waiters spin briefly, then yield a few times, and then
// sleep, each on its own channel. The last party to arrive wakes those that sleep. When
// all parties are ready to run, a phase needs one turn of each in any case. A yield is
// then enough, and no party sleeps.
//
// Source: as CentralSpin; spin-then-block from Karlin, Li, Manasse and Owicki 1991.
// Progress: blocking; waiters sleep. Space: two lines, and a line and a channel for each
// party.
// Ordering: as CentralSpin.
// Wins: few parties, and parties that are all ready to run. Loses: as soon as one party
// sleeps, the leader looks at all of them.
//
// NewCentralPark makes it; it must not be copied. The leader is the party that arrived
// last.
type CentralPark struct {
	CentralSpin
	sleeping atomic.Int32 // parties
	_        [cpu.Line - 4]byte
	looks    int // of a waiter before each yield
	sleepers []sleeper
}

type sleeper struct {
	asleep atomic.Bool
	wake   chan struct{}
	_      [cpu.Line - 16]byte
}

// NewCentralPark makes a barrier.
func NewCentralPark(parties int) *CentralPark {
	b := &CentralPark{}
	b.init(parties)
	return b
}

func (b *CentralPark) init(parties int) {
	b.CentralSpin.init(parties)
	b.looks, b.sleepers = 1, make([]sleeper, parties)
	if parties <= runtime.GOMAXPROCS(0) {
		b.looks = cpu.YieldEvery
	}
	for i := range b.sleepers {
		b.sleepers[i].wake = make(chan struct{}, 1)
	}
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
	if b.sleeping.Load() > 0 {
		b.wake()
	}
	return true
}

// wake wakes the parties that sleep.
func (b *CentralPark) wake() {
	for i := range b.sleepers {
		if s := &b.sleepers[i]; s.asleep.Load() && s.asleep.CompareAndSwap(true, false) {
			s.wake <- struct{}{}
		}
	}
}

// sleep returns when phase is over. A slow leader can wake a party that already waits in
// its next phase, so a party that wakes up looks at the phase again.
func (b *CentralPark) sleep(s *sleeper, phase uint32) {
	for range cpu.ParkAfter / cpu.YieldEvery {
		for range b.looks {
			if b.phase.Load() != phase {
				return
			}
		}
		runtime.Gosched()
	}
	b.sleeping.Add(1)
	defer b.sleeping.Add(-1)
	for b.phase.Load() == phase {
		s.asleep.Store(true)
		if b.phase.Load() != phase && s.asleep.CompareAndSwap(true, false) {
			return
		}
		<-s.wake
	}
}
