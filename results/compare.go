package results

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchmath"
)

// Outcome is what a comparison may claim.
type Outcome string

// The outcomes. Equivalent is a claim too: the interval lies within the margin. Inconclusive is none.
const (
	Different    Outcome = "different"
	Equivalent   Outcome = "equivalent"
	Inconclusive Outcome = "inconclusive"
)

// Options says how to compare; a zero field has its default.
type Options struct {
	Alpha    float64 // of the interval, and false discovery rate over all rows: 0.01
	Margin   float64 // of equivalence: 0.03
	Unit     string  // ns/op
	MinPairs int     // under it, every row is inconclusive: 8
}

func (o Options) filled() Options {
	if o.Alpha == 0 {
		o.Alpha = 0.01
	}
	if o.Margin == 0 {
		o.Margin = 0.03
	}
	if o.Unit == "" {
		o.Unit = "ns/op"
	}
	if o.MinPairs == 0 {
		o.MinPairs = 8
	}
	return o
}

// Comparison is what two samples say of the ratio between them.
type Comparison struct {
	Name     string // of the row, without what is compared
	Old, New string // what is compared: implementations, sides or runs
	Unit     string
	N        int // pairs, or the smaller sample
	Paired   bool

	OldMedian, NewMedian float64
	Ratio, Low, High     float64 // new/old: Hodges–Lehmann's estimate of the logarithms, with its interval at 1-Alpha
	P, PAdjusted         float64
	Floor                float64 // no |Ratio-1| below it is claimed; from the run's A/A trials, 0 without them
	Outcome              Outcome
	Reason               string // for the outcome, in a line

	Mixed  bool // pairs of both probe regimes; Strata has each by itself
	Strata []Stratum

	BenchP     float64 // benchmath's Mann–Whitney test of the same samples, and what it prints
	BenchDelta string
	Warnings   []string
}

// Stratum is the pairs of one probe regime.
type Stratum struct {
	Name  string // near or far
	N     int
	Ratio float64
}

// Paired compares two rows by their rounds. Adjust gives the outcome.
func Paired(name string, old, new []Trial, o Options) Comparison {
	o = o.filled()
	c := Comparison{Name: name, Unit: o.Unit, Paired: true}
	byRound := map[int]float64{}
	for _, t := range old {
		if v, ok := t.Values[o.Unit]; ok && v > 0 {
			byRound[t.Round] = v
		}
	}
	var olds, news, logs []float64
	for _, t := range new {
		v, ok := t.Values[o.Unit]
		before, both := byRound[t.Round]
		if !ok || !both || v <= 0 || math.IsInf(v/before, 0) || v/before == 0 {
			continue
		}
		olds, news, logs = append(olds, before), append(news, v), append(logs, math.Log(v/before))
	}
	c.N = len(logs)
	c.describe(olds, news)
	c.P = signedRank(logs)
	estimate, low, high, exact := hodgesLehmann(logs, o.Alpha)
	c.setRatio(estimate, low, high, exact, o)
	return c
}

// Unpaired compares two samples of different times.
func Unpaired(name string, old, new []Trial, o Options) Comparison {
	o = o.filled()
	c := Comparison{Name: name, Unit: o.Unit}
	olds, news := positive(old, o.Unit), positive(new, o.Unit)
	c.N = min(len(olds), len(news))
	c.describe(olds, news)
	c.P = c.BenchP
	estimate, low, high, exact := shift(logarithms(olds), logarithms(news), o.Alpha)
	c.setRatio(estimate, low, high, exact, o)
	return c
}

func positive(trials []Trial, unit string) []float64 {
	var values []float64
	for _, t := range trials {
		if v := t.Values[unit]; v > 0 {
			values = append(values, v)
		}
	}
	return values
}

func logarithms(values []float64) []float64 {
	logs := make([]float64, len(values))
	for i, v := range values {
		logs[i] = math.Log(v)
	}
	return logs
}

// describe fills what benchmath says of the two samples.
func (c *Comparison) describe(olds, news []float64) {
	c.BenchP = 1
	if len(olds) == 0 || len(news) == 0 {
		c.BenchDelta = "?"
		return
	}
	a := benchmath.NewSample(slices.Clone(olds), &benchmath.DefaultThresholds)
	b := benchmath.NewSample(slices.Clone(news), &benchmath.DefaultThresholds)
	c.OldMedian, c.NewMedian = Summarize(olds).Median, Summarize(news).Median
	test := benchmath.AssumeNothing.Compare(a, b)
	c.BenchP = test.P
	c.BenchDelta = fmt.Sprintf("%s (%s)", test.FormatDelta(c.OldMedian, c.NewMedian), test)
	for _, w := range test.Warnings {
		c.Warnings = append(c.Warnings, "benchmath: "+w.Error())
	}
}

func (c *Comparison) setRatio(estimate, low, high float64, exact bool, o Options) {
	c.Ratio, c.Low, c.High = math.Exp(estimate), math.Exp(low), math.Exp(high)
	if !exact {
		c.Warnings = append(c.Warnings, fmt.Sprintf("too few trials for an interval at %.0f %%: what stands there is the whole range", 100*(1-o.Alpha)))
	}
	c.PAdjusted = c.P
}

// Adjust corrects the p-values of all rows by Benjamini and Hochberg's procedure and gives each row its
// outcome.
func Adjust(rows []Comparison, o Options) {
	family := make([]*Comparison, len(rows))
	for i := range rows {
		family[i] = &rows[i]
	}
	adjust(family, o)
}

func adjust(family []*Comparison, o Options) {
	o = o.filled()
	slices.SortStableFunc(family, func(a, b *Comparison) int { return cmp.Compare(b.P, a.P) })
	least := 1.0
	for rank, c := range family { // from the largest p down
		least = min(least, c.P*float64(len(family))/float64(len(family)-rank))
		c.PAdjusted = least
		c.judge(o)
	}
}

func (c *Comparison) judge(o Options) {
	margin := 100 * o.Margin
	switch size := math.Abs(c.Ratio - 1); {
	case c.N < o.MinPairs:
		c.Outcome = Inconclusive
		c.Reason = fmt.Sprintf("%d trials; at least %d are needed", c.N, o.MinPairs)
	case c.Low >= 1-o.Margin && c.High <= 1+o.Margin:
		c.Outcome = Equivalent
		c.Reason = fmt.Sprintf("the interval lies within ±%.3g %%", margin)
	case c.PAdjusted < o.Alpha && size > c.Floor:
		c.Outcome = Different
		c.Reason = fmt.Sprintf("p = %.2g after correction over all rows", c.PAdjusted)
	case c.PAdjusted < o.Alpha:
		c.Outcome = Inconclusive
		c.Reason = fmt.Sprintf("%.1f %% is within what the same code showed against itself (%.1f %%)", 100*size, 100*c.Floor)
	default:
		c.Outcome = Inconclusive
		c.Reason = fmt.Sprintf("p = %.2g after correction over all rows, and the interval is wider than ±%.3g %%", c.PAdjusted, margin)
	}
}

// WithinRun compares every implementation with the baseline of its point.
func WithinRun(run *Run, o Options) []Comparison {
	o = o.filled()
	near, two := ProbeRegime(run.Trials)
	var out []Comparison
	for _, p := range points(run) {
		base, ok := p.baseline(run)
		if !ok {
			continue
		}
		for _, row := range p.rows {
			if _, again := row.Base(); again || row.Impl == base.Impl || !row.Passed() {
				continue
			}
			c := Paired(p.name, base.Good, row.Good, o)
			c.Old, c.New, c.Floor = base.Impl, row.Impl, p.floor(base, c.N, o)
			if two {
				c.stratify(base.Good, row.Good, near, o)
			}
			out = append(out, c)
		}
	}
	Adjust(out, o)
	return out
}

// leastStratum is the number of pairs that a regime must have to be shown.
const leastStratum = 3

// stratify shows the ratio within each probe regime when there are pairs of both.
func (c *Comparison) stratify(old, new []Trial, near func(Trial) bool, o Options) {
	for _, name := range []string{"near", "far"} {
		keep := func(trials []Trial) []Trial {
			return slices.DeleteFunc(slices.Clone(trials), func(t Trial) bool { return near(t) != (name == "near") })
		}
		part := Paired("", keep(old), keep(new), o)
		if part.N >= leastStratum {
			c.Strata = append(c.Strata, Stratum{Name: name, N: part.N, Ratio: part.Ratio})
		}
	}
	if c.Mixed = len(c.Strata) == 2; c.Mixed {
		c.Warnings = append(c.Warnings, "the trials met two regimes of the machine; the row shows the ratio in each")
	}
}

// ErrMachines says that two runs are of different machines, kernels or Go versions.
var ErrMachines = errors.New("the results are not comparable")

// Across compares the rows of equal name in two runs, which are not paired. When the machines differ, the
// comparisons come with an ErrMachines that names how.
func Across(old, new *Run, o Options) ([]Comparison, error) {
	o = o.filled()
	var differ []string
	for i, k := range old.Info.Machine.keys() {
		other := new.Info.Machine.keys()[i]
		if k.Value != "" && other.Value != "" && k.Value != other.Value {
			differ = append(differ, fmt.Sprintf("%s is %s in the old and %s in the new", k.Key, k.Value, other.Value))
		}
	}
	rows := map[string]Row{}
	for _, r := range Rows(old.Trials) {
		rows[r.Side+" "+r.Name()] = r
	}
	var out []Comparison
	for _, r := range Rows(new.Trials) {
		before, ok := rows[r.Side+" "+r.Name()]
		if !ok || !before.Passed() || !r.Passed() {
			continue
		}
		c := Unpaired(r.Name(), before.Good, r.Good, o)
		c.Old, c.New = "old", "new"
		c.Warnings = append(c.Warnings, "measured at different times: what differs may be the machine; a duet tells")
		if len(differ) > 0 {
			c.Warnings = append(c.Warnings, "different machines: "+strings.Join(differ, ", "))
		}
		out = append(out, c)
	}
	Adjust(out, o)
	if len(differ) > 0 {
		return out, fmt.Errorf("%w: %s; --force compares them all the same", ErrMachines, strings.Join(differ, ", "))
	}
	return out, nil
}

// DuetOf compares the base's side of a duet with the head's.
func DuetOf(run *Run, o Options) []Comparison {
	o = o.filled()
	sides := map[string]map[string]Row{}
	var order []string
	for _, r := range Rows(run.Trials) {
		if sides[r.Name()] == nil {
			sides[r.Name()] = map[string]Row{}
			order = append(order, r.Name())
		}
		sides[r.Name()][r.Side] = r
	}
	var out []Comparison
	for _, name := range order {
		base, head := sides[name]["base"], sides[name]["head"]
		if !base.Passed() || !head.Passed() {
			continue
		}
		c := Paired(name, base.Good, head.Good, o)
		c.Old, c.New = "base", "head"
		out = append(out, c)
	}
	Adjust(out, o)
	return out
}
