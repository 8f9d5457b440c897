package barrier

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Dissemination has a party in round k signal the party 2^k places after it, and wait for
// the party 2^k places before it. After log2(parties) rounds, each party has heard of
// all. Two sets of flags alternate, since a fast neighbour may be one phase ahead. Their
// sense flips after both were used.
//
// Source: Hensgen, Finkel and Manber 1988, §3; Mellor-Crummey and Scott 1991 (TOCS),
// §3.3.
// Progress: blocking; waiters spin and yield. Space: three lines for each party.
// Ordering: the store of a flag synchronizes before the load that sees it, from round to
// round.
// Wins: the shortest critical path, and no root. Loses: a phase costs parties × rounds
// stores, and all parties must run in each round.
//
// NewDissemination makes it; it must not be copied. The leader is party 0.
type Dissemination struct {
	rounds  int
	parties []gossip
}

// A gossip holds the flags of one party. Others write heard; only the party itself uses
// parity and sense, which have a line of their own.
type gossip struct {
	heard  [2][maxRounds]atomic.Bool // by parity and round
	parity int
	sense  bool
	_      [cpu.Line - 16]byte
}

// NewDissemination makes a barrier.
func NewDissemination(parties int) *Dissemination {
	b := &Dissemination{}
	b.init(parties, rounds(parties))
	return b
}

func (b *Dissemination) init(parties, rounds int) {
	b.rounds, b.parties = rounds, make([]gossip, parties)
	for i := range b.parties {
		b.parties[i].sense = true
	}
}

// Wait waits for all parties.
func (b *Dissemination) Wait(id int) bool {
	mine := &b.parties[id]
	b.spread(id, mine.parity, mine.sense)
	if mine.parity == 1 {
		mine.sense = !mine.sense
	}
	mine.parity = 1 - mine.parity
	return id == 0
}

func (b *Dissemination) spread(id, parity int, sense bool) {
	heard := &b.parties[id].heard[parity]
	for round := range b.rounds {
		b.parties[(id+1<<round)%len(b.parties)].heard[parity][round].Store(sense)
		cpu.Until(func() bool { return heard[round].Load() == sense })
	}
}
