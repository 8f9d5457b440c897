package rounds

import "time"

// entry is an implementation at a point. It has one job, and for a baseline also that of
// its alias.
type entry struct {
	point    string
	headline bool
	control  bool
	jobs     []Job
	takes    time.Duration // for all rounds
}

// double adds the job of the alias.
func (e *entry) double() {
	again := e.jobs[0]
	again.Cell = again.Cell.Alias()
	e.jobs = append(e.jobs, again)
	e.takes *= 2
}

// certify doubles the first contender of each point whose baseline is not selected.
func certify(all []entry) {
	first := map[string]int{}
	certified := map[string]bool{}
	for i, e := range all {
		if _, ok := first[e.point]; !ok && !e.control {
			first[e.point] = i
		}
		certified[e.point] = certified[e.point] || len(e.jobs) > 1
	}
	for point, i := range first {
		if !certified[point] {
			all[i].double()
		}
	}
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
