package barrier

import "sync/atomic"

// CombiningTree lets four parties, or four nodes below, meet at each node; the last of them goes up, and on its way back
// down it lets the others go.
//
// Source: Yew, Tzeng and Lawrie 1987, §III; Mellor-Crummey and Scott 1991 (TOCS), §3.2.
// Progress: blocking, spins and yields. Space: a node for three parties. Ordering: none among the waiters.
// Wins: many parties on many processors, no word with more than four writers. Loses: few parties.
//
// NewCombiningTree makes it; it must not be copied. The leader is the party that reached the root last.
type CombiningTree struct {
	leaves []*treeNode // of every fanIn parties
}

const fanIn = 4

type treeNode struct {
	CentralSpin
	parent *treeNode // nil: the root
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
		until(func() bool { return n.phase.Load() != phase })
		return false
	}
	leader = n.parent == nil || n.parent.meet()
	n.left.Store(n.parties)
	n.phase.Add(1)
	return leader
}

// Tournament pairs the parties in rounds whose winner is known before: it waits for the loser's word, and the loser waits for
// the champion's, which lets all go at once. No arrival needs more than a store.
//
// Source: Hensgen, Finkel and Manber 1988, §4; Mellor-Crummey and Scott 1991 (TOCS), §3.4.
// Progress: blocking, spins and yields. Space: a word for each party and round. Ordering: none among the waiters.
// Wins: no read-modify-write at all. Loses: a round needs its two parties to run at once.
//
// NewTournament makes it; it must not be copied. The leader is party 0, which always wins.
type Tournament struct {
	phase   atomic.Uint32
	_       [cacheLine - 4]byte
	players []player
}

// A player's words say which phase the loser of each round has reached.
type player struct {
	reached []atomic.Uint32
	_       [cacheLine - 24]byte
}

// NewTournament makes a barrier.
func NewTournament(parties int) *Tournament {
	b := &Tournament{players: make([]player, parties)}
	for i := range b.players {
		b.players[i].reached = make([]atomic.Uint32, rounds(parties))
	}
	return b
}

// rounds is the logarithm of parties to the base 2, rounded up.
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
	mine := b.players[id].reached
	for round := range mine {
		step := 1 << round
		if id&step != 0 {
			b.players[id-step].reached[round].Store(phase + 1)
			until(func() bool { return b.phase.Load() != phase })
			return false
		}
		if id+step < len(b.players) {
			until(func() bool { return mine[round].Load() == phase+1 })
		}
	}
	b.phase.Add(1)
	return true
}

// MCSTree is a tree of the parties themselves: each waits for the words of its four children, tells its parent, and is woken
// down a second tree of two children each. All words that a party waits for are its own.
//
// Source: Mellor-Crummey and Scott 1991 (TOCS), §3.5.
// Progress: blocking, spins and yields. Space: a line for each party. Ordering: none among the waiters.
// Wins: the least traffic on many processors. Loses: the path down is as deep as the one up.
//
// NewMCSTree makes it; it must not be copied. The leader is party 0, the root.
type MCSTree struct {
	nodes []mcsNode
}

type mcsNode struct {
	phase uint32 // that the party is in; its own
	ready [fanIn]atomic.Uint32
	awake atomic.Uint32
	_     [cacheLine - 24]byte
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
			until(func() bool { return mine.ready[child].Load() == phase })
		}
	}
	if id > 0 {
		b.nodes[(id-1)/fanIn].ready[(id-1)%fanIn].Store(phase)
		until(func() bool { return mine.awake.Load() == phase })
	}
	for child := 2*id + 1; child <= 2*id+2 && child < len(b.nodes); child++ {
		b.nodes[child].awake.Store(phase)
	}
	return id == 0
}
