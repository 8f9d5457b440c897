package serializable

import (
	"fmt"
	"slices"
)

// anomaly returns a cycle in words.
func (g *graph) anomaly(c cycle) *Anomaly {
	a := &Anomaly{Class: c.traits().class()}
	for _, h := range c.rotate() {
		e := Edge{Kind: h.kind, Why: g.why(h)}
		if h.kind == unseenWrite {
			e.Kind = WriteWrite
		}
		if h.kind != RealTime {
			e.Key = g.keys[g.writes[h.write].key].key
		}
		a.Transactions = append(a.Transactions, g.history[h.from])
		a.Cycle = append(a.Cycle, e)
	}
	return a
}

// why says why a hop holds.
func (g *graph) why(h hop) string {
	from, to := &g.history[h.from], &g.history[h.to]
	if h.kind == RealTime {
		return fmt.Sprintf("%s ended at %d, and %s began at %d", from.Name, from.End, to.Name, to.Begin)
	}
	w := &g.writes[h.write]
	key := g.keys[w.key].key
	name := keyName(key)
	switch h.kind {
	case WriteRead:
		list := longest(to, key, func(list []uint64) bool { return slices.Contains(list, w.value) })
		return fmt.Sprintf("%s read %s of %s, with %s", to.Name, brief(list), name, g.appendOf(h.write))
	case WriteWrite:
		return fmt.Sprintf("%s to %s comes after %s's in %s", g.appendOf(h.write), name, from.Name, brief(g.until(h.write)))
	case unseenWrite:
		return fmt.Sprintf("no list of %s that was read has %s, so it comes after %s's append",
			name, g.appendOf(h.write), from.Name)
	case PredicateReadWrite:
		return fmt.Sprintf("%s scanned a range without %s, and %s comes after that", from.Name, name, g.appendOf(h.write))
	default:
		list := longest(from, key, func(list []uint64) bool { return !slices.Contains(list, w.value) })
		return fmt.Sprintf("%s read %s of %s, and %s comes after that", from.Name, brief(list), name, g.appendOf(h.write))
	}
}

// until returns the list that a write ended.
func (g *graph) until(w int32) []uint64 {
	for _, b := range g.keys[g.writes[w].key].branches {
		if i := slices.Index(b.writes, w); i >= 0 {
			return b.values[:i+1]
		}
	}
	return nil
}

// longest returns the longest list of a key that a transaction saw, of those that suit.
func longest(t *Transaction, key uint64, suits func([]uint64) bool) (best []uint64) {
	consider := func(k uint64, list []uint64) {
		if k == key && len(list) > len(best) && suits(list) {
			best = list
		}
	}
	for _, op := range t.Ops {
		switch op.Kind {
		case Read:
			consider(op.Key, op.List)
		case Scan:
			for _, l := range op.Lists {
				consider(l.Key, l.Values)
			}
		}
	}
	return best
}
