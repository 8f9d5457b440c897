package serializable

// Check returns nil if the history shows no anomaly that the level forbids. Otherwise the
// error is an *Anomaly of the most severe class that it found.
//
// A cycle is the shortest of its class, unless the transactions have very many cycles. Only
// what is sure counts: a transaction with an unknown outcome took effect if another one
// that took effect saw its appends, and what an aborted transaction read says nothing. An
// append reads the list and puts a longer one, so ReadCommitted allows that another append
// is lost. An append that no read saw comes after all lists that were read.
func Check(h []Transaction, l Level) error {
	o := observe(h)
	if a := o.found[Malformed]; a != nil {
		return a
	}
	g := newGraph(o, l.kinds())
	cycles := g.components(l.kinds(), false).any
	f := newFinder(g)
	for c := range numClasses {
		if !l.Forbids(c) {
			continue
		}
		if a := o.found[c]; a != nil {
			return a
		}
		if p := planOf(c); p != nil && cycles {
			if found := f.shortest(*p); found != nil {
				return g.anomaly(found)
			}
		}
	}
	return nil
}

// Anomalies returns an anomaly of each class that the history shows, the most severe first.
// If transactions are on cycles of several classes, it may miss a G-nonadjacent or a cycle
// of real time, or find a longer one.
func Anomalies(h []Transaction) []*Anomaly {
	o := observe(h)
	if a := o.found[Malformed]; a != nil {
		return []*Anomaly{a}
	}
	g := newGraph(o, dependencies|realTime)
	f := newFinder(g)
	for _, p := range plans {
		if found := f.shortest(p); found != nil {
			if a := g.anomaly(found); a.Class == p.class || o.found[a.Class] == nil {
				o.found[a.Class] = a
			}
		}
	}
	var all []*Anomaly
	for _, a := range o.found {
		if a != nil {
			all = append(all, a)
		}
	}
	return all
}

// planOf returns how to find the cycles of a class, or nil if it has none.
func planOf(c Class) *plan {
	for i := range plans {
		if plans[i].class == c {
			return &plans[i]
		}
	}
	return nil
}
