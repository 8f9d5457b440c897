package results

import (
	"math"
	"math/rand/v2"
	"slices"
)

// point is the rows that are comparable: all implementations at one point of a workload.
// Only contend's own trials have points.
type point struct {
	name           string
	contract, work string
	rows           []Row
}

func points(run *Run) []point {
	var out []point
	index := map[string]int{}
	for _, r := range run.Rows() {
		if !r.Own() { // Rivals compares it
			continue
		}
		i, ok := index[r.Point()]
		if !ok {
			i = len(out)
			index[r.Point()] = i
			out = append(out, point{name: r.Point(), contract: r.Contract, work: r.Work})
		}
		out[i].rows = append(out[i].rows, r)
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
	for _, r := range p.rows {
		if r.Impl == impl && r.Side == side && r.Passed() {
			return r, true
		}
	}
	return Row{}, false
}

// second returns the row of the same code under its second name.
func (p point) second(of Row) (Row, bool) { return p.passed(of.Alias().Impl, of.Side) }

// floor returns the difference that the baseline shows from itself, by the number of
// trials per side. It is 0 if the baseline has no second name at the point.
func (p point) floor(base Row, unit string) func(n int) float64 {
	second, ok := p.second(base)
	known := map[int]float64{}
	return func(n int) float64 {
		if _, done := known[n]; ok && !done {
			known[n] = FloorOf(base.Values(unit), second.Values(unit), n, floorSeed)
		}
		return known[n]
	}
}

const (
	floorSeed   = 1
	floorSplits = 1000
)

// FloorOf returns the 95th percentile of |ratio-1| over random half-splits of the trials
// of one implementation that ran under two names. It is scaled to n trials per side.
func FloorOf(a, b []float64, n int, seed uint64) float64 {
	all := logarithms(slices.DeleteFunc(slices.Concat(a, b), func(v float64) bool { return v <= 0 }))
	half := len(all) / 2
	if half < 2 || n < 1 {
		return 0
	}
	rng := rand.New(rand.NewPCG(seed, uint64(len(all))))
	sizes := make([]float64, floorSplits)
	for i := range sizes {
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		sizes[i] = math.Abs(Median(all[:half]) - Median(all[half:]))
	}
	slices.Sort(sizes)
	return math.Expm1(sizes[floorSplits*95/100] * math.Sqrt(float64(half)/float64(n)))
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
			c := paired(p.name, unit, base.Good, second.Good, o)
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
