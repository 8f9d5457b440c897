package results

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// point is the rows that are comparable: all implementations at one point of a workload.
// Only contend's own trials have points.
type point struct {
	name           string
	contract, work string
	rows           []Row
	at             map[rowKey]int // of the rows that passed
}

// A rowKey identifies a row within its point.
type rowKey struct{ impl, side string }

func points(run *Run) []point {
	var out []point
	index := map[string]int{}
	for _, r := range run.Rows() {
		if !r.Own() { // Rivals compares it
			continue
		}
		name := r.Point()
		i, ok := index[name]
		if !ok {
			i = len(out)
			index[name] = i
			out = append(out, point{name: name, contract: r.Contract, work: r.Work, at: map[rowKey]int{}})
		}
		p := &out[i]
		if _, twice := p.at[rowKey{r.Impl, r.Side}]; r.Passed() && !twice {
			p.at[rowKey{r.Impl, r.Side}] = len(p.rows)
		}
		p.rows = append(p.rows, r)
	}
	return out
}

// baseline returns the row that the others are compared with. An implementation that
// passed under both of its names comes first, since it has an A/A comparison; then what
// the workload declares; then any row that passed.
func (p point) baseline(info *Info) (Row, bool) {
	if rows := p.twice(info); len(rows) > 0 {
		return rows[0], true
	}
	for _, r := range p.inOrder(info) {
		if r.Passed() {
			return r, true
		}
	}
	return Row{}, false
}

// twice returns the rows of the implementations that passed under both of their names.
func (p point) twice(info *Info) []Row {
	var rows []Row
	for _, r := range p.inOrder(info) {
		if _, ok := p.second(r); ok && r.Passed() {
			rows = append(rows, r)
		}
	}
	return rows
}

// inOrder returns the rows that may be the baseline, best first: those that the workload
// declares in its suites, then the others. Rows of second names are not among them.
func (p point) inOrder(info *Info) []Row {
	var first, others []Row
	declared := map[string]bool{}
	for _, w := range info.works(p.contract, p.work) {
		declared[w.Baseline] = true
	}
	for _, r := range p.rows {
		_, again := r.Unalias()
		switch {
		case again:
		case declared[r.Impl]:
			first = append(first, r)
		default:
			others = append(others, r)
		}
	}
	return append(first, others...)
}

// passed returns the row of a name and side, if it passed.
func (p point) passed(impl, side string) (Row, bool) {
	if i, ok := p.at[rowKey{impl, side}]; ok {
		return p.rows[i], true
	}
	return Row{}, false
}

// second returns the row of the same code under its second name.
func (p point) second(of Row) (Row, bool) { return p.passed(of.Alias().Impl, of.Side) }

// floor returns the difference that the baseline shows from itself, by the number of
// trials per side. It is 0 if the baseline has no second name at the point.
func (p point) floor(base Row, unit string) func(n int) float64 {
	second, ok := p.second(base)
	if !ok {
		return func(int) float64 { return 0 }
	}
	return floorOf(base.Values(unit), second.Values(unit), floorSeed)
}

const (
	floorSeed   = 1
	floorSplits = 1000
)

// FloorOf returns the 95th percentile of |ratio-1| over random half-splits of the trials
// of one implementation that ran under two names. It is scaled to n trials per side.
func FloorOf(a, b []float64, n int, seed uint64) float64 { return floorOf(a, b, seed)(n) }

// floorOf is FloorOf for several n, which splits the trials once.
func floorOf(a, b []float64, seed uint64) func(n int) float64 {
	all := logarithms(slices.DeleteFunc(slices.Concat(a, b), func(v float64) bool { return v <= 0 }))
	half := len(all) / 2
	limit := sync.OnceValue(func() float64 { return splitLimit(all, seed) })
	return func(n int) float64 {
		if half < 2 || n < 1 {
			return 0
		}
		return math.Expm1(limit() * math.Sqrt(float64(half)/float64(n)))
	}
}

// splitLimit returns the 95th percentile of the distance between the medians of random
// halves.
func splitLimit(all []float64, seed uint64) float64 {
	places := make([]int, len(all)) // in ascending order of the values
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, j int) int { return cmp.Compare(all[i], all[j]) })
	sorted := make([]float64, len(all))
	order := make([]int, len(all)) // the places in sorted of the values
	for rank, i := range places {
		sorted[rank], order[i] = all[i], rank
	}
	rng := rand.New(rand.NewPCG(seed, uint64(len(all))))
	half := len(all) / 2
	first := make([]bool, len(all)) // by place in sorted
	sizes := make([]float64, floorSplits)
	for i := range sizes {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		clear(first)
		for _, at := range order[:half] {
			first[at] = true
		}
		sizes[i] = math.Abs(medianWhere(sorted, first, true, half) - medianWhere(sorted, first, false, len(all)-half))
	}
	slices.Sort(sizes)
	return sizes[floorSplits*95/100]
}

// medianWhere returns the median of the n sorted values whose mark is is.
func medianWhere(sorted []float64, marks []bool, is bool, n int) float64 {
	lower, seen := 0.0, 0
	for i, v := range sorted {
		if marks[i] != is {
			continue
		}
		if seen == (n-1)/2 {
			lower = v
		}
		if seen == n/2 {
			return (lower + v) / 2
		}
		seen++
	}
	return lower
}

// Baselines returns, by point, the implementation that the others are compared with. A
// point without a row that passed has none.
func (r *Run) Baselines() map[string]string {
	baselines := map[string]string{}
	for _, p := range points(r) {
		if base, ok := p.baseline(&r.Info); ok {
			baselines[p.name] = base.Impl
		}
	}
	return baselines
}

// Certificate is the comparison of a baseline with itself at one point.
type Certificate struct {
	Point, Baseline     string
	Unit                string
	Trials              int // under each name
	Ratio, Low, High, P float64
	Floor               float64
}

// Certificates returns the A/A comparisons of each point: one for every implementation
// that ran under two names, the point's baseline first. Suites that share a point have
// one each.
func Certificates(run *Run, o Options) []Certificate {
	o = o.filled()
	var out []Certificate
	for _, p := range points(run) {
		unit := o.metric(&run.Info, p.rows[0].Cell)
		for _, base := range p.twice(&run.Info) {
			second, _ := p.second(base)
			c := paired(p.name, unit, base.in(unit.Unit), second.in(unit.Unit), o)
			if c.N == 0 { // no trial has a value to compare
				continue
			}
			out = append(out, Certificate{
				Point: p.name, Baseline: base.Impl, Unit: c.Unit, Trials: c.N,
				Ratio: c.Ratio, Low: c.Low, High: c.High, P: c.P, Floor: p.floor(base, c.Unit)(c.N),
			})
		}
	}
	return out
}
