package serializable

import "slices"

// A hop leads from a transaction to another one.
type hop struct {
	from, to int32
	kind     EdgeKind
	write    int32 // as that of an edge
}

// A cycle is hops of which each starts where the one before it ends, and the first where
// the last ends.
type cycle []hop

// join makes a cycle of edges, some of which lead through nodes that are no transactions.
func join(path []*edge) cycle {
	var c cycle
	for _, e := range path {
		if e.kind != via {
			c = append(c, hop{e.from, e.to, e.kind, e.write})
			continue
		}
		last := &c[len(c)-1]
		last.to = e.to
		if e.write != none {
			last.write = e.write
		}
	}
	return c
}

// traits returns what matters for the class of the cycle.
func (c cycle) traits() (t traits) {
	for _, h := range c {
		t = t.with(h.kind)
	}
	if t&endsAnti != 0 && antis.has(c[0].kind) {
		t |= adjacent
	}
	return t
}

// simple returns a cycle out of c in which no transaction is twice. If c has no two
// anti-dependencies in a row, and keep is set, neither has the result: of the two parts
// between visits of a transaction, one can have two at its seam, but not both.
func (c cycle) simple(keep bool) cycle {
	for {
		i, j := c.revisit()
		if i == j {
			return c
		}
		inner, outer := slices.Clone(c[i:j]), slices.Concat(c[:i], c[j:])
		c = inner
		if keep && inner.traits()&adjacent != 0 {
			c = outer
		}
	}
}

// revisit returns the indexes of two hops that start at one transaction, or equal ones.
func (c cycle) revisit() (i, j int) {
	for j := range c {
		for i := range j {
			if c[i].from == c[j].from {
				return i, j
			}
		}
	}
	return 0, 0
}

// rotate starts the cycle at its first transaction of the history.
func (c cycle) rotate() cycle {
	least := 0
	for i := range c {
		if c[i].from < c[least].from {
			least = i
		}
	}
	return slices.Concat(c[least:], c[:least])
}
