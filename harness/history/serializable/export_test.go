package serializable

// Shortest returns the length of the shortest cycle of each class in a small history. It
// tries all paths.
func Shortest(h []Transaction) map[Class]int {
	g := newGraph(observe(h), dependencies|realTime)
	found := map[Class]int{}
	for i := range h {
		g.paths(int32(i), nil, make([]bool, len(h)), found)
	}
	return found
}

// paths notes the cycles that continue a path and return to a transaction. None of its
// transactions is before that one in the history, so each cycle is found once.
func (g *graph) paths(from int32, path cycle, on []bool, found map[Class]int) {
	at := from
	if len(path) > 0 {
		at = path[len(path)-1].to
	}
	for _, h := range g.hops(at) {
		switch {
		case h.to == from:
			c := append(path[:len(path):len(path)], h)
			class := c.traits().class()
			if n, ok := found[class]; !ok || len(c) < n {
				found[class] = len(c)
			}
		case h.to > from && !on[h.to]:
			on[h.to] = true
			g.paths(from, append(path[:len(path):len(path)], h), on, found)
			on[h.to] = false
		}
	}
}

// hops returns the hops from a transaction.
func (g *graph) hops(from int32) (all []hop) {
	var follow func(h hop)
	follow = func(h hop) {
		if int(h.to) < len(g.history) {
			all = append(all, h)
			return
		}
		for _, e := range g.out(h.to) {
			follow(hop{h.from, e.to, h.kind, e.write})
		}
	}
	for _, e := range g.out(from) {
		follow(hop{e.from, e.to, e.kind, e.write})
	}
	return all
}

// Edges returns the number of edges of a history.
func Edges(h []Transaction) int { return len(newGraph(observe(h), dependencies|realTime).edges) }
