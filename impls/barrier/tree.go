package barrier

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// CombiningTree has four parties, or the last arrivals of four nodes below, meet at each
// node. The last of them continues upwards. On its way back down it releases the others.
//
// Source: Yew, Tzeng and Lawrie 1987, §III; Mellor-Crummey and Scott 1991 (TOCS), §3.2.
// Progress: blocking; waiters spin and yield. Space: a node for every three parties.
// Ordering: as CentralSpin, at each node.
// Wins: many parties on many processors, since at most four write a word. Loses: few
// parties.
//
// NewCombiningTree makes it; it must not be copied. The leader is the party that reached
// the root last.
type CombiningTree struct {
	leaves []*treeNode // one for every fanIn parties
}

const fanIn = 4

type treeNode struct {
	CentralSpin
	parent *treeNode // nil at the root
}

// NewCombiningTree makes a barrier.
func NewCombiningTree(parties int) *CombiningTree {
	leaves := level(parties)
	for nodes := leaves; len(nodes) > 1; {
		above := level(len(nodes))
		for i, n := range nodes {
			n.parent = above[i/fanIn]
		}
		nodes = above
	}
	return &CombiningTree{leaves: leaves}
}

// level makes the nodes at which count parties or nodes meet.
func level(count int) []*treeNode {
	var nodes []*treeNode
	for ; count > 0; count -= fanIn {
		n := &treeNode{}
		n.init(min(count, fanIn))
		nodes = append(nodes, n)
	}
	return nodes
}

// Wait waits for all parties.
func (b *CombiningTree) Wait(id int) bool { return b.leaves[id/fanIn].meet() }

func (n *treeNode) meet() (leader bool) {
	phase := n.phase.Load()
	if n.left.Add(-1) > 0 {
		cpu.Until(func() bool { return n.phase.Load() != phase })
		return false
	}
	leader = n.parent == nil || n.parent.meet()
	n.left.Store(n.parties)
	n.phase.Add(1)
	return leader
}

// Tournament pairs the parties in rounds whose winners are fixed in advance. The winner
// of a pair waits for the loser's word. The losers wait for the champion's word, which
// releases all at once.
//
// Source: Hensgen, Finkel and Manber 1988, §4; Mellor-Crummey and Scott 1991 (TOCS),
// §3.4.
// Progress: blocking; waiters spin and yield. Space: a line for each party.
// Ordering: a loser's store synchronizes before the winner's load that sees it, and the
// champion's store of the phase before the losers' loads.
// Wins: a word has one writer, so no party adds to a word or retries. (On amd64, Go
// makes an atomic store of an exchange.) Loses: both parties of a pair must run in their
// round.
//
// NewTournament makes it; it must not be copied. The leader is party 0, which always
// wins.
type Tournament struct {
	phase   atomic.Uint32 // only party 0 writes it
	_       [cpu.Line - 4]byte
	rounds  int
	players []player
}

// A player holds, for each round, the phase that the loser of that round has reached. It
// fills a line, in which only its party looks.
type player struct{ reached [maxRounds]atomic.Uint32 }

// maxRounds is the rounds of 2^32 parties.
const maxRounds = 32

// NewTournament makes a barrier.
func NewTournament(parties int) *Tournament {
	return &Tournament{rounds: rounds(parties), players: make([]player, parties)}
}

// rounds returns log2(parties), rounded up.
func rounds(parties int) int {
	n := 0
	for 1<<n < parties {
		n++
	}
	return n
}

// Wait waits for all parties.
func (b *Tournament) Wait(id int) bool {
	phase := b.phase.Load()
	mine := &b.players[id].reached
	for round := range b.rounds {
		step := 1 << round
		if id&step != 0 {
			b.players[id-step].reached[round].Store(phase + 1)
			cpu.Until(func() bool { return b.phase.Load() != phase })
			return false
		}
		if id+step < len(b.players) {
			cpu.Until(func() bool { return mine[round].Load() == phase+1 })
		}
	}
	b.phase.Store(phase + 1)
	return true
}

// MCSTree is a tree of the parties themselves. Each party waits for its four children and
// then signals its parent. A second tree, of two children each, releases the parties from
// the root down. A party spins on its own words only.
//
// Source: Mellor-Crummey and Scott 1991 (TOCS), §3.5.
// Progress: blocking; waiters spin and yield. Space: a line for each party.
// Ordering: a store to ready or awake synchronizes before the load that sees it.
// Wins: the least cache traffic on many processors. Loses: a release passes through all
// levels of the tree.
//
// NewMCSTree makes it; it must not be copied. The leader is party 0, the root.
type MCSTree struct {
	nodes []mcsNode
}

type mcsNode struct {
	phase uint32 // only its party uses it
	ready [fanIn]atomic.Uint32
	awake atomic.Uint32
	_     [cpu.Line - 24]byte
}

// NewMCSTree makes a barrier.
func NewMCSTree(parties int) *MCSTree { return &MCSTree{nodes: make([]mcsNode, parties)} }

// Wait waits for all parties.
func (b *MCSTree) Wait(id int) bool {
	mine := &b.nodes[id]
	mine.phase++
	phase := mine.phase
	for child := range fanIn {
		if fanIn*id+child+1 < len(b.nodes) {
			cpu.Until(func() bool { return mine.ready[child].Load() == phase })
		}
	}
	if id > 0 {
		b.nodes[(id-1)/fanIn].ready[(id-1)%fanIn].Store(phase)
		cpu.Until(func() bool { return mine.awake.Load() == phase })
	}
	for child := 2*id + 1; child <= 2*id+2 && child < len(b.nodes); child++ {
		b.nodes[child].awake.Store(phase)
	}
	return id == 0
}
