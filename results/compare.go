package results

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// Options says how to compare. A zero field has its default.
type Options struct {
	Alpha    float64 // level of the interval, and false discovery rate over all rows: 0.01
	Margin   float64 // of equivalence: 0.03
	Unit     string  // what to compare; "": each workload's own choice, usually ns/op
	MinPairs int     // a row with fewer is inconclusive: 8
}

func (o Options) filled() Options {
	o.Alpha = cmp.Or(o.Alpha, 0.01)
	o.Margin = cmp.Or(o.Margin, 0.03)
	o.MinPairs = cmp.Or(o.MinPairs, 8)
	return o
}

// metric returns what rows of a workload are compared by. A unit that was asked for need
// not have a direction: its ratios can be shown, although none of them is better.
func (o Options) metric(info *Info, c Cell) Metric {
	if o.Unit == "" {
		return info.Ranking(c, "")
	}
	return info.Metric(c.Contract, c.Work, o.Unit)
}

// standard returns what samples of an unknown workload are compared by.
func (o Options) standard() Metric {
	m, _ := findMetric(Standard, cmp.Or(o.Unit, nsPerOp))
	return m
}

// Comparison is what two samples say of the ratio between them.
type Comparison struct {
	Name     string // of the row, without what is compared
	Old, New string // what is compared: implementations, sides or runs
	Unit     string
	Better   Better // which direction of Unit is an improvement
	N        int    // pairs, or the size of the smaller sample
	Void     int    // pairs or values that have no ratio, because a value is not positive
	noTurn   int    // trials in which no turn finished
	Bounds   int    // pairs of which the slower side has only a bound, since no turn finished there
	Paired   bool
	NoRatio  bool   // some values are not positive: the values themselves were compared
	Exact    bool   // the values have no noise, as the file says
	Late     string // why the latencies are not those of what is compared; empty: they are
	Layouts  int    // N is the number of layouts, since pairs share them; 0: they do not

	OldMedian, NewMedian float64
	Ratio, Low, High     float64 // new/old: Hodges–Lehmann estimate in logarithms, interval at 1-Alpha
	P, PAdjusted         float64
	Floor                float64 // smallest max(Ratio, 1/Ratio)-1 to claim, from the A/A trials; 0 without them
	Outcome              Outcome
	Reason               string // for the outcome, in a line

	Mixed  bool // there are pairs of both probe regimes; Strata shows each
	Strata []Stratum

	BenchP     float64 // of benchmath's Mann–Whitney test of the same samples
	BenchDelta string  // as benchmath prints it
	Warnings   []string

	same  bool    // all values of both sides are equal
	apart bool    // all values of one side are above all of the other
	rise  float64 // its sign says whether the new values are higher, where there is no ratio
}

// Stratum is the pairs of one probe regime.
type Stratum struct {
	Name  string // near or far
	N     int
	Ratio float64
}

// Regression reports whether the new side is worse: the outcome is Different, and the
// values lie in the wrong direction of the metric.
func (c Comparison) Regression() bool {
	return c.Outcome == Different && (c.Better == Lower && c.higher() || c.Better == Higher && c.lower())
}

// Improvement reports whether the new side is better.
func (c Comparison) Improvement() bool {
	return c.Outcome == Different && (c.Better == Higher && c.higher() || c.Better == Lower && c.lower())
}

func (c Comparison) higher() bool { return c.NoRatio && c.rise > 0 || !c.NoRatio && c.Ratio > 1 }

func (c Comparison) lower() bool { return c.NoRatio && c.rise < 0 || !c.NoRatio && c.Ratio < 1 }

// HasRatio reports whether both sides were compared, and their values have a ratio.
func (c Comparison) HasRatio() bool { return !c.Alone() && !c.NoRatio }

// Paired compares two rows by their rounds. Adjust gives the outcome.
func Paired(name string, old, new []Trial, o Options) Comparison {
	m := o.standard()
	return paired(name, m, seriesOf(old, m.Unit), seriesOf(new, m.Unit), o.filled())
}

func paired(name string, m Metric, old, new series, o Options) Comparison {
	c := Comparison{Name: name, Unit: m.Unit, Better: m.Better, Paired: true}
	c.Late = cmp.Or(old.late(), new.late(), old.lacks(), new.lacks())
	c.noTurn = old.withoutTurn() + new.withoutTurn()
	byRound := map[int]reading{}
	for _, r := range old.readings() {
		byRound[r.round] = r
	}
	var olds, news, logs []float64
	var pairs []layoutPair
	for _, r := range new.readings() {
		first, both := byRound[r.round]
		if !both {
			continue
		}
		before, after, bound := valuesOfPair(first, r, m.Unit)
		ratio := after / before
		if !(before > 0 && after > 0 && ratio > 0) || math.IsInf(ratio, 0) {
			c.Void++
			continue
		}
		olds, news, logs = append(olds, before), append(news, after), append(logs, math.Log(ratio))
		pairs = append(pairs, layoutPair{first.layout, r.layout})
		if bound {
			c.Bounds++
		}
	}
	logs, c.Layouts = byLayout(logs, pairs)
	c.N = len(logs)
	c.describe(olds, news)
	c.P = signedRank(logs)
	estimate, low, high, exact := hodgesLehmann(logs, o.Alpha)
	c.setRatio(estimate, low, high, exact, o)
	if c.Bounds > 0 {
		c.Warnings = append(c.Warnings, fmt.Sprintf("%s: no turn finished in a trial of %d of %d pairs, "+
			"so they differ by more than was measured", name, c.Bounds, len(olds)))
	}
	return c
}

// Unpaired compares two samples of different times.
func Unpaired(name string, old, new []Trial, o Options) Comparison {
	m := o.standard()
	return unpaired(name, m, seriesOf(old, m.Unit), seriesOf(new, m.Unit), o.filled())
}

func unpaired(name string, m Metric, old, new series, o Options) Comparison {
	c := Comparison{Name: name, Unit: m.Unit, Better: m.Better}
	c.Late = cmp.Or(old.late(), new.late(), old.lacks(), new.lacks())
	olds, voidOld := old.positive()
	news, voidNew := new.positive()
	c.N, c.Void = min(len(olds), len(news)), voidOld+voidNew
	c.describe(olds, news)
	c.P = c.BenchP
	estimate, low, high, exact := shift(logarithms(olds), logarithms(news), o.Alpha)
	c.setRatio(estimate, low, high, exact, o)
	return c
}

func logarithms(values []float64) []float64 {
	logs := make([]float64, len(values))
	for i, v := range values {
		logs[i] = math.Log(v)
	}
	return logs
}

// describe fills in what benchmath says of the two samples.
func (c *Comparison) describe(olds, news []float64) {
	c.BenchP = 1
	if len(olds) == 0 || len(news) == 0 {
		c.BenchDelta = "?"
		return
	}
	a := benchmath.NewSample(slices.Clone(olds), &benchmath.DefaultThresholds)
	b := benchmath.NewSample(slices.Clone(news), &benchmath.DefaultThresholds)
	olds, news = a.Values, b.Values // sorted
	c.OldMedian, c.NewMedian = Median(olds), Median(news)
	c.apart = olds[len(olds)-1] < news[0] || news[len(news)-1] < olds[0]
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
		c.Warnings = append(c.Warnings, fmt.Sprintf(
			"too few trials for an interval at %.0f %%; the whole range is shown instead", 100*(1-o.Alpha)))
	}
	c.PAdjusted = c.P
}

// sortedBy returns rows in the order of a key. Those of one key stay in their order.
func sortedBy(rows []Comparison, key func(*Comparison) int) []Comparison {
	type place struct{ key, at int }
	places := make([]place, len(rows)) // which are sorted faster than the rows
	for i := range rows {
		places[i] = place{key(&rows[i]), i}
	}
	byKey := func(a, b place) int { return cmp.Or(a.key-b.key, a.at-b.at) }
	if slices.IsSortedFunc(places, byKey) {
		return rows
	}
	slices.SortFunc(places, byKey)
	sorted := make([]Comparison, len(rows))
	for i, p := range places {
		sorted[i] = rows[p.at]
	}
	return sorted
}
