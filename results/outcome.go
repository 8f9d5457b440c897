package results

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/perf/benchmath"
)

// Outcome is what a comparison may claim.
type Outcome string

// The outcomes. Equivalent is a claim, too: the interval lies within the margin.
// Inconclusive is no claim.
const (
	Different    Outcome = "different"
	Equivalent   Outcome = "equivalent"
	Inconclusive Outcome = "inconclusive"
)

// The outcomes of rows that cannot be compared, because one side has no numbers.
const (
	Gone   Outcome = "gone"   // only the old side has the row
	New    Outcome = "new"    // only the new side has the row
	Broken Outcome = "failed" // the row failed on a side
	Absent Outcome = "absent" // the row passed, and a side has no value of the unit
)

// Alone reports whether one side has no numbers. Such a row is in no family.
func (c Comparison) Alone() bool {
	return slices.Contains([]Outcome{Gone, New, Broken, Absent}, c.Outcome)
}

// Adjust corrects the p-values of all rows by the procedure of Benjamini and Hochberg,
// and gives each row its outcome.
func Adjust(rows []Comparison, o Options) {
	var family []*Comparison
	for i := range rows {
		switch r := &rows[i]; {
		case r.Alone():
		case r.Exact: // no chance, so no p-value to correct
			r.judgeExact()
		default:
			family = append(family, r)
		}
	}
	adjust(family, o)
}

func adjust(family []*Comparison, o Options) {
	o = o.filled()
	type place struct {
		p  float64
		at int
	}
	places := make([]place, len(family)) // which are sorted faster than the rows
	for i, c := range family {
		places[i] = place{c.P, i}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(b.p, a.p), a.at-b.at) })
	smallest := 1.0
	needed := sync.OnceValue(func() int { return PairsNeeded(len(family), o.Alpha) })
	for rank, place := range places { // from the largest p down
		c := family[place.at]
		smallest = min(smallest, c.P*float64(len(family))/float64(len(family)-rank))
		c.PAdjusted = smallest
		c.judge(o)
		c.explain(len(family), needed, o)
	}
}

func (c *Comparison) judge(o Options) {
	margin := 100 * o.Margin
	switch size := c.size(); {
	case c.Late != "":
		c.Outcome, c.Reason = Inconclusive, noLatency+c.Late
	case c.NoRatio && c.N >= o.MinPairs:
		c.judgeValues(o)
	case c.Void > 0 && !c.NoRatio:
		c.Outcome, c.Reason = Inconclusive, c.whyVoid()
	case c.N < o.MinPairs:
		c.Outcome = Inconclusive
		c.Reason = fmt.Sprintf("%s; at least %d are needed", c.count(), o.MinPairs) + c.benchstat()
	case c.Bounds == 0 && c.Low >= 1-o.Margin && c.High <= 1+o.Margin:
		c.Outcome = Equivalent
		c.Reason = fmt.Sprintf("the interval lies within ±%.3g %%", margin)
	case c.PAdjusted < o.Alpha && size > c.Floor:
		c.Outcome = Different
		c.Reason = fmt.Sprintf("p = %.2g after correction over all rows", c.PAdjusted)
	case c.PAdjusted < o.Alpha:
		c.Outcome = Inconclusive
		c.Reason = fmt.Sprintf("%s is within what the same code showed against itself (%s)",
			sizeText(size), sizeText(c.Floor))
	default:
		c.Outcome = Inconclusive
		c.Reason = fmt.Sprintf("p = %.2g after correction over all rows, and the interval is wider than ±%.3g %%",
			c.PAdjusted, margin)
	}
}

// whyVoid explains why there is no claim where some values have no ratio. Leaving them
// out would favour the side that has them: 0 may be its best value.
func (c *Comparison) whyVoid() string {
	if c.Paired && c.Unit == nsPerOp && c.noTurn > 0 {
		return fmt.Sprintf("no turn finished in a trial of %d of %d pairs, which have no ratio", c.Void, c.Void+c.N)
	}
	if c.Paired {
		return fmt.Sprintf("%s is not positive in %d of %d pairs, which have no ratio", c.Unit, c.Void, c.Void+c.N)
	}
	return fmt.Sprintf("%s is not positive in %d trials, which have no ratio", c.Unit, c.Void)
}

// size is how far the ratio lies from 1, the same in both directions: a tenth is as far as
// ten times.
func (c *Comparison) size() float64 { return max(c.Ratio, 1/c.Ratio) - 1 }

func sizeText(size float64) string {
	if size < 1 {
		return fmt.Sprintf("%.1f %%", 100*size)
	}
	return fmt.Sprintf("a factor of %.3g", 1+size)
}

// count says how much there was to compare.
func (c *Comparison) count() string {
	what := "value"
	if c.Paired {
		what = "pair"
	}
	if c.N == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", c.N, what)
}

// judgeExact compares values without noise: any difference is one.
func (c *Comparison) judgeExact() {
	if c.OldMedian == c.NewMedian {
		c.Outcome, c.Reason = Equivalent, "exact values, and they are equal"
		return
	}
	c.Outcome, c.Reason = Different, "exact values"
}

// judgeValues compares values that have no ratio.
func (c *Comparison) judgeValues(o Options) {
	switch {
	case c.same:
		c.Outcome, c.Reason = Equivalent, "all values are equal"
	case c.PAdjusted < o.Alpha:
		c.Outcome = Different
		c.Reason = fmt.Sprintf("p = %.2g after correction over all rows; 0 has no ratio", c.PAdjusted)
	default:
		c.Outcome = Inconclusive
		c.Reason = fmt.Sprintf("p = %.2g after correction over all rows; 0 has no ratio", c.PAdjusted)
	}
}

// benchstat adds what benchstat would say of a few values that do not overlap.
func (c *Comparison) benchstat() string {
	if !c.apart || c.BenchP >= benchmath.DefaultThresholds.CompareAlpha {
		return ""
	}
	return "; no two of them overlap, and benchstat would say " + c.BenchDelta
}
