package results

import (
	"math"
	"math/rand/v2"
	"slices"
)

// point is the rows that are comparable: all implementations at one point of a workload.
type point struct {
	name           string
	contract, work string
	rows           []Row
}

func points(run *Run) []point {
	var out []point
	index := map[string]int{}
	for _, r := range run.Rows() {
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

// baseline returns the row that the others are compared with: the contract's, or the first that passed.
func (p point) baseline(run *Run) (Row, bool) {
	for _, r := range p.rows {
		if r.Impl == run.Info.Baseline[p.contract] && r.Passed() {
			return r, true
		}
	}
	for _, r := range p.rows {
		if r.Passed() {
			return r, true
		}
	}
	return Row{}, false
}

// again returns the second row of the same code.
func (p point) again(of Row) (Row, bool) {
	for _, r := range p.rows {
		if r.Impl == of.Impl+Again && r.Passed() {
			return r, true
		}
	}
	return Row{}, false
}

// floor is the difference that the baseline shows against itself, at n trials a side.
func (p point) floor(base Row, n int, o Options) float64 {
	again, ok := p.again(base)
	if !ok {
		return 0
	}
	return FloorOf(base.Values(o.Unit), again.Values(o.Unit), n, floorSeed)
}

const (
	floorSeed   = 1
	floorSplits = 1000
)

// FloorOf returns the 95th percentile of |ratio-1| over random half-splits of the trials of one
// implementation that ran under two names, scaled to n trials a side.
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
		sizes[i] = math.Abs(medianOf(all[:half]) - medianOf(all[half:]))
	}
	slices.Sort(sizes)
	return math.Expm1(sizes[floorSplits*95/100] * math.Sqrt(float64(half)/float64(n)))
}

func medianOf(values []float64) float64 {
	values = slices.Clone(values)
	slices.Sort(values)
	return middleOf(values)
}

// Certificate is a run's comparison of a baseline with itself at one point.
type Certificate struct {
	Point, Baseline     string
	Trials              int // a name
	Ratio, Low, High, P float64
	Floor               float64
}

// Certificates returns the A/A comparison of each point whose baseline ran under two names.
func Certificates(run *Run, o Options) []Certificate {
	o = o.filled()
	var out []Certificate
	for _, p := range points(run) {
		base, ok := p.baseline(run)
		if !ok {
			continue
		}
		again, ok := p.again(base)
		if !ok {
			continue
		}
		c := Paired(p.name, base.Good, again.Good, o)
		out = append(out, Certificate{
			Point: p.name, Baseline: base.Impl, Trials: c.N, Ratio: c.Ratio, Low: c.Low, High: c.High, P: c.P,
			Floor: p.floor(base, c.N, o),
		})
	}
	return out
}
