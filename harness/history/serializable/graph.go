package serializable

import (
	"cmp"
	"slices"
)

// kinds is a set of kinds of edges.
type kinds uint8

const (
	writes       = kinds(1) << WriteWrite
	reads        = kinds(1) << WriteRead
	items        = kinds(1) << ReadWrite
	predicates   = kinds(1) << PredicateReadWrite
	realTime     = kinds(1) << RealTime
	unseen       = kinds(1) << unseenWrite
	junctions    = kinds(1) << via
	antis        = items | predicates
	dependencies = writes | reads | unseen | antis
)

func (s kinds) has(k EdgeKind) bool { return s>>k&1 == 1 }

// An edge leads from a node of a graph to another one.
type edge struct {
	from, to int32
	// write is the one that the edge is about: what was read for WriteRead, and what came
	// later for the others. If the edge leads to a chain, a via edge behind it has the write.
	write int32
	kind  EdgeKind
}

// A graph has the transactions of a history as nodes, which have their index there, and
// behind them nodes that each stand for several transactions. Without those the edges that
// lead from many transactions to the same many ones would be too many.
type graph struct {
	*observations
	allowed kinds // of its edges
	nodes   int32
	edges   []edge  // by from, once it is built
	first   []int32 // of each node, and the number of edges
}

// newGraph makes the graph of what the observations tell, with the edges of some kinds.
func newGraph(o *observations, allowed kinds) *graph {
	g := &graph{
		observations: o, allowed: allowed | junctions, nodes: int32(len(o.history)),
		edges: make([]edge, 0, len(o.writes)+2*len(o.views)),
	}
	chains := make([]chain, len(o.keys))
	for k := range o.keys {
		chains[k] = g.keyEdges(&o.keys[k])
	}
	for _, v := range o.views {
		g.viewEdges(v, &chains[v.key])
	}
	if allowed.has(RealTime) {
		g.timeEdges()
	}
	g.build()
	return g
}

func (g *graph) add(from, to int32, kind EdgeKind, write int32) {
	if g.allowed.has(kind) {
		g.edges = append(g.edges, edge{from, to, write, kind})
	}
}

func (g *graph) newNode() int32 {
	g.nodes++
	return g.nodes - 1
}

// build sorts the edges by from.
func (g *graph) build() {
	g.first = make([]int32, g.nodes+1)
	for i := range g.edges {
		g.first[g.edges[i].from+1]++
	}
	for n := range g.nodes {
		g.first[n+1] += g.first[n]
	}
	sorted := make([]edge, len(g.edges))
	at := slices.Clone(g.first)
	for _, e := range g.edges {
		sorted[at[e.from]] = e
		at[e.from]++
	}
	g.edges = sorted
}

// out returns the edges from a node.
func (g *graph) out(node int32) []edge { return g.edges[g.first[node]:g.first[node+1]] }

// effective returns the transaction of a write, or none if it did not take effect.
func (g *graph) effective(w int32) int32 {
	if t := g.writes[w].txn; t != none && g.took[t] {
		return t
	}
	return none
}

// keyEdges adds the write dependencies of a key. It returns the chain of its unseen writes.
func (g *graph) keyEdges(k *keyOrder) chain {
	last := none
	for i := range k.branches {
		last = none
		for _, w := range k.branches[i].writes {
			t := g.effective(w)
			if t == none {
				continue
			}
			if last != none && last != t {
				g.add(last, t, WriteWrite, w)
			}
			last = t
		}
	}
	// Contradicting lists do not say what an unseen write comes after.
	if len(k.unseen) == 0 || len(k.branches) > 1 {
		return chain{}
	}
	c := g.newChain(k.unseen)
	if last != none {
		c.after(g, last, unseenWrite)
	}
	return c
}

// viewEdges adds the read and the anti-dependencies of a list that a transaction saw.
func (g *graph) viewEdges(v view, unseen *chain) {
	anti := ReadWrite
	if v.predicate {
		if !g.allowed.has(PredicateReadWrite) {
			return
		}
		anti = PredicateReadWrite
	}
	branches := g.keys[v.key].branches
	if len(branches) == 0 {
		unseen.after(g, v.txn, anti)
		return
	}
	b := &branches[max(v.branch, 0)]
	writer := none
	if v.base > 0 {
		w := b.writes[v.base-1]
		if writer = g.effective(w); writer != none && writer != v.txn {
			g.add(writer, v.txn, WriteRead, w)
			if !g.writes[w].last {
				g.report(G1b, g.name(v.txn)+" saw "+g.appendOf(w)+" to "+keyName(g.keys[v.key].key)+
					", after which "+g.name(writer)+" appended more", v.txn, writer)
			}
		}
	}
	for _, w := range b.writes[v.base:] {
		switch t := g.effective(w); t {
		case none, writer:
		case v.txn: // the edges of its write are as strong
			return
		default:
			g.add(v.txn, t, anti, w)
			return
		}
	}
	unseen.after(g, v.txn, anti)
}

// A chain stands for the unseen writes of a key, each by another transaction. They come
// after every list of the key that was read, in an unknown order.
type chain struct {
	writes []int32
	// before[i] leads to the writes up to i, after[i] to those from i on.
	before, from []int32
}

func (g *graph) newChain(unseen []int32) chain {
	c := chain{writes: unseen, before: make([]int32, len(unseen)), from: make([]int32, len(unseen))}
	for i, w := range unseen {
		c.before[i], c.from[i] = g.newNode(), g.newNode()
		g.add(c.before[i], g.writes[w].txn, via, w)
		g.add(c.from[i], g.writes[w].txn, via, w)
		if i > 0 {
			g.add(c.before[i], c.before[i-1], via, none)
			g.add(c.from[i-1], c.from[i], via, none)
		}
	}
	return c
}

// after adds edges from a transaction to all others of the chain. One that is in the chain
// itself has read the last list before its append. So its append comes right after that
// list, unless an update is lost, and the others come after its append.
func (c *chain) after(g *graph, t int32, kind EdgeKind) {
	if len(c.writes) == 0 {
		return
	}
	i, found := slices.BinarySearchFunc(c.writes, t, func(w, t int32) int { return cmp.Compare(g.writes[w].txn, t) })
	switch {
	case !found:
		g.add(t, c.from[0], kind, none)
	default:
		if i > 0 {
			g.add(t, c.before[i-1], unseenWrite, none)
		}
		if i+1 < len(c.writes) {
			g.add(t, c.from[i+1], unseenWrite, none)
		}
	}
}

// timeEdges adds the edges of real time. Each end of a transaction is a node that leads to
// the next end, so there are three edges a transaction. Ends of transactions with an
// unknown outcome say nothing: they may take effect later.
func (g *graph) timeEdges() {
	var ended, began []int32
	for i := range g.history {
		if t := &g.history[i]; g.took[i] && t.Begin < t.End {
			began = append(began, int32(i))
			if t.Outcome == Committed {
				ended = append(ended, int32(i))
			}
		}
	}
	slices.SortFunc(ended, func(a, b int32) int { return cmp.Compare(g.history[a].End, g.history[b].End) })
	slices.SortFunc(began, func(a, b int32) int { return cmp.Compare(g.history[a].Begin, g.history[b].Begin) })
	before := none // the node of the last end
	for _, t := range began {
		for len(ended) > 0 && g.history[ended[0]].End < g.history[t].Begin {
			end := g.newNode()
			g.add(ended[0], end, RealTime, none)
			if before != none {
				g.add(before, end, via, none)
			}
			before, ended = end, ended[1:]
		}
		if before != none {
			g.add(before, t, via, none)
		}
	}
}
