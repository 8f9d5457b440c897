package serializable

import (
	"math"
	"slices"
)

// traits are what matters of a path or a cycle for its class.
type traits uint8

const (
	endsAnti    traits = 1 << iota // its last edge is an anti-dependency
	adjacent                       // it has two anti-dependencies in a row
	oneAnti                        // it has at least one
	twoAntis                       // it has at least two
	missed                         // it has one of a scan
	readsFrom                      // it has a read dependency
	beforeWrite                    // it has an unseen write
	throughTime                    // it has an edge of real time
)

// with returns the traits of a path after one more edge.
func (t traits) with(k EdgeKind) traits {
	switch k {
	case via:
		return t
	case ReadWrite, PredicateReadWrite:
		if t&endsAnti != 0 {
			t |= adjacent
		}
		if t&oneAnti != 0 {
			t |= twoAntis
		}
		if k == PredicateReadWrite {
			t |= missed
		}
		return t | endsAnti | oneAnti
	case WriteRead:
		t |= readsFrom
	case unseenWrite:
		t |= beforeWrite
	case RealTime:
		t |= throughTime
	}
	return t &^ endsAnti
}

// class returns the class of a cycle with the traits. What comes after the last list that
// was read can count as an anti-dependency: the last append to that list read it.
func (t traits) class() Class {
	c := G0
	switch {
	case t&adjacent != 0 && t&missed != 0:
		c = G2
	case t&adjacent != 0:
		c = G2Item
	case t&twoAntis != 0:
		c = GNonadjacent
	case t&(oneAnti|beforeWrite) != 0:
		c = GSingle
	case t&readsFrom != 0:
		c = G1c
	}
	if t&throughTime != 0 {
		return inRealTime[c]
	}
	return c
}

var inRealTime = map[Class]Class{
	G0: G0RealTime, G1c: G1cRealTime, GSingle: GSingleRealTime, GNonadjacent: GNonadjacentRealTime,
	G2Item: G2ItemRealTime, G2: G2RealTime,
}

// A plan is how to find the cycles of a class: a path of some edges from the end of a
// first one to its start.
type plan struct {
	class       Class
	first       kinds
	path        kinds
	track       traits // of a path, at most three: paths that differ in them are different
	never       traits // of a path
	nonadjacent bool   // no two anti-dependencies in a row
}

var plans = []plan{
	{class: G0, first: writes, path: writes},
	{class: G1c, first: reads, path: writes | reads},
	{class: GSingle, first: antis | unseen, path: writes | reads | unseen, nonadjacent: true},
	{class: GNonadjacent, first: antis, path: dependencies, track: endsAnti | twoAntis, nonadjacent: true},
	{class: G2Item, first: items, path: dependencies &^ predicates, track: endsAnti | adjacent},
	{class: G2, first: predicates, path: dependencies, track: endsAnti | adjacent},
	{class: G0RealTime, first: realTime, path: writes | realTime},
	{class: G1cRealTime, first: realTime, path: writes | reads | realTime, track: readsFrom},
	{
		class: GSingleRealTime, first: realTime, path: dependencies | realTime, track: oneAnti | beforeWrite, never: twoAntis,
		nonadjacent: true,
	},
	{
		class: GNonadjacentRealTime, first: realTime, path: dependencies | realTime, track: endsAnti | oneAnti | twoAntis,
		nonadjacent: true,
	},
	{class: G2ItemRealTime, first: realTime, path: dependencies&^predicates | realTime, track: endsAnti | adjacent},
	{class: G2RealTime, first: realTime, path: dependencies | realTime, track: endsAnti | adjacent | missed},
}

// paths is how many paths to a node can differ in the traits that are tracked.
const paths = 8

// dense returns the tracked ones of the traits as a number below paths.
func (t traits) dense(track traits) int32 {
	n, at := int32(0), 0
	for ; track != 0; at++ {
		low := track & -track
		if t&low != 0 {
			n |= 1 << at
		}
		track &^= low
	}
	return n
}

// A spot is a node at the end of a path with some traits.
type spot struct {
	node   int32
	traits traits
}

// A finder finds cycles by breadth-first search.
type finder struct {
	*graph
	// Of each spot, for the search of that number:
	search []int32
	length []int32 // of the path, in edges between transactions
	parent []spot
	edge   []int32 // from the parent
	number int32
	steps  int
}

// maxSteps limits the search for a shorter cycle of a class: a large component has many.
const maxSteps = 1 << 20

func newFinder(g *graph) *finder { return &finder{graph: g} }

// reset allocates what a search needs, when the first one starts.
func (f *finder) reset() {
	f.steps = 0
	if f.search != nil {
		return
	}
	n := paths * int(f.nodes)
	f.search, f.length = make([]int32, n), make([]int32, n)
	f.parent, f.edge = make([]spot, n), make([]int32, n)
}

// shortest returns the shortest cycle of a class. If there is none, it may return a cycle
// of another class that it came across.
func (f *finder) shortest(p plan) cycle {
	parts := f.components(p.first|p.path, p.nonadjacent)
	if !parts.any {
		return nil
	}
	f.reset()
	var best, other cycle
	for i := range f.edges {
		e := &f.edges[i]
		if !p.first.has(e.kind) || !parts.inside(e) || f.steps > maxSteps {
			continue
		}
		limit := int32(math.MaxInt32)
		if best != nil {
			limit = int32(len(best))
		}
		found := f.from(int32(i), p, parts, limit)
		switch {
		case found == nil:
		case found.traits().class() == p.class:
			best = found
		case other == nil:
			other = found
		}
		if len(best) == 2 {
			break
		}
	}
	if best != nil {
		return best
	}
	return other
}

// inside reports whether an edge is on a cycle.
func (c *components) inside(e *edge) bool {
	anti := antis.has(e.kind)
	to := c.of[c.state(e.to, anti)]
	return to != none && (c.of[c.state(e.from, false)] == to || !anti && c.of[c.state(e.from, true)] == to)
}

// A tour is a search of the cycles that start with one edge.
type tour struct {
	*finder
	plan
	parts *components
	part  int32 // the component of the cycles
	root  int32 // where they start and end
	limit int32 // they are shorter
	// this has the spots at the length of now, and next those that are one further.
	this, next []spot
	best       cycle
	other      cycle // of another class
}

// from returns a cycle of the plan's class that starts with an edge and is shorter than
// limit. If there is none, it returns one of another class that it came across, or nil.
func (f *finder) from(start int32, p plan, parts *components, limit int32) cycle {
	f.number++
	first := &f.edges[start]
	t := &tour{
		finder: f, plan: p, parts: parts, part: parts.of[parts.state(first.to, antis.has(first.kind))], root: first.from,
		limit: limit, this: []spot{{first.to, traits(0).with(first.kind)}},
	}
	f.mark(t.this[0], p.track, 1, spot{node: none}, start)
	for length := int32(1); len(t.this) > 0 && length < t.limit; length++ {
		for i := 0; i < len(t.this); i++ { // it grows by edges of no length
			if s := t.this[i]; f.length[f.at(s, p.track)] == length {
				t.leave(s, length)
			}
		}
		t.this, t.next = t.next, t.this[:0]
	}
	if t.best != nil {
		return t.best
	}
	return t.other
}

// leave follows the edges from a spot to which a path of some length leads.
func (t *tour) leave(s spot, length int32) {
	for i := t.finder.first[s.node]; i < t.finder.first[s.node+1]; i++ {
		e := &t.edges[i]
		t.steps++
		to := spot{e.to, s.traits.with(e.kind)}
		if !(t.path | junctions).has(e.kind) || to.traits&t.never != 0 || t.nonadjacent && to.traits&adjacent != 0 {
			continue
		}
		long := length
		if e.kind != via {
			long++
		}
		switch {
		case e.to == t.root:
			if long < t.limit {
				t.close(t.cycle(s, i, t.plan))
			}
		case t.parts.of[t.parts.state(e.to, to.traits&endsAnti != 0)] != t.part || !t.mark(to, t.track, long, s, i):
		case e.kind == via:
			t.this = append(t.this, to)
		default:
			t.next = append(t.next, to)
		}
	}
}

// close takes a cycle.
func (t *tour) close(c cycle) {
	switch {
	case c.traits().class() == t.class:
		t.best, t.limit = c, int32(len(c))
	case t.other == nil:
		t.other = c
	}
}

// at returns the index of a spot.
func (f *finder) at(s spot, track traits) int32 { return s.node*paths + s.traits.dense(track) }

// mark notes a path to a spot, unless one is known that is as short.
func (f *finder) mark(s spot, track traits, length int32, parent spot, e int32) bool {
	at := f.at(s, track)
	if f.search[at] == f.number && f.length[at] <= length {
		return false
	}
	f.search[at], f.length[at], f.parent[at], f.edge[at] = f.number, length, parent, e
	return true
}

// cycle returns the cycle that an edge from a spot closes.
func (f *finder) cycle(s spot, last int32, p plan) cycle {
	path := []*edge{&f.edges[last]}
	for s.node != none {
		at := f.at(s, p.track)
		path = append(path, &f.edges[f.edge[at]])
		s = f.parent[at]
	}
	slices.Reverse(path)
	return join(path).simple(p.nonadjacent)
}
