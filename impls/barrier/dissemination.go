package barrier

import "sync/atomic"

// Dissemination tells in round k the party 2^k places on, and waits for the one 2^k places back; after the logarithm of the
// parties each has heard of all. Two sets of flags take turns, since a fast neighbour may be one phase ahead, and their
// meaning turns over when both are used.
//
// Source: Hensgen, Finkel and Manber 1988, §3; Mellor-Crummey and Scott 1991 (TOCS), §3.3.
// Progress: blocking, spins and yields. Space: two words for each party and round. Ordering: none among the waiters.
// Wins: the shortest path, no root. Loses: parties × rounds stores a phase, and each round needs all parties to run.
//
// NewDissemination makes it; it must not be copied. The leader is party 0.
type Dissemination struct {
	parties []gossip
}

type gossip struct {
	heard  [2][]atomic.Bool // by parity and round
	parity int
	sense  bool
	_      [cacheLine - 64]byte
}

// NewDissemination makes a barrier.
func NewDissemination(parties int) *Dissemination {
	b := &Dissemination{}
	b.init(parties, rounds(parties))
	return b
}

func (b *Dissemination) init(parties, rounds int) {
	b.parties = make([]gossip, parties)
	for i := range b.parties {
		g := &b.parties[i]
		g.heard[0], g.heard[1] = make([]atomic.Bool, rounds), make([]atomic.Bool, rounds)
		g.sense = true
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
	heard := b.parties[id].heard[parity]
	for round := range heard {
		b.parties[(id+1<<round)%len(b.parties)].heard[parity][round].Store(sense)
		until(func() bool { return heard[round].Load() == sense })
	}
}
