package rounds

import "time"

// entry is an implementation at a point. It has one job, and for a baseline also that of
// its alias.
type entry struct {
	point    string
	headline bool
	jobs     []Job
	takes    time.Duration
}

// within returns the entries that fit into a share of the quick preset's time, in their
// order. The headline implementations come first, point by point. A point is measured
// with all of them or not at all, and the first point always is. What is left of the
// share goes to the other implementations, at the first point.
func within(all []entry, share time.Duration) []entry {
	var points []string
	cost := map[string]time.Duration{} // of a point's headline implementations
	for _, e := range all {
		if _, ok := cost[e.point]; !ok {
			points = append(points, e.point)
			cost[e.point] = 0
		}
		if e.headline {
			cost[e.point] += e.takes
		}
	}
	left, measured := share, map[string]bool{}
	for i, point := range points {
		if i == 0 || cost[point] <= left {
			left -= cost[point]
			measured[point] = true
		}
	}
	var kept []entry
	for _, e := range all {
		switch {
		case e.headline && measured[e.point]:
			kept = append(kept, e)
		case !e.headline && e.point == points[0] && e.takes <= left:
			left -= e.takes
			kept = append(kept, e)
		}
	}
	return kept
}
