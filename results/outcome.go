package results

import (
	"cmp"
	"fmt"
	"math"
	"slices"
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

// Adjust corrects the p-values of all rows by the procedure of Benjamini and Hochberg,
// and gives each row its outcome.
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
	smallest := 1.0
	for rank, c := range family { // from the largest p down
		smallest = min(smallest, c.P*float64(len(family))/float64(len(family)-rank))
		c.PAdjusted = smallest
		c.judge(o)
		c.explain(len(family), o)
	}
}

func (c *Comparison) judge(o Options) {
	margin := 100 * o.Margin
	switch size := math.Abs(c.Ratio - 1); {
	case c.Void > 0:
		c.Outcome, c.Reason = Inconclusive, c.whyVoid()
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
		c.Reason = fmt.Sprintf("%.1f %% is within what the same code showed against itself (%.1f %%)",
			100*size, 100*c.Floor)
	default:
		c.Outcome = Inconclusive
		c.Reason = fmt.Sprintf("p = %.2g after correction over all rows, and the interval is wider than ±%.3g %%",
			c.PAdjusted, margin)
	}
}

// whyVoid explains why there is no claim where some values have no ratio. Leaving them
// out would favour the side that has them: 0 may be its best value.
func (c *Comparison) whyVoid() string {
	if c.Paired {
		return fmt.Sprintf("%s is not positive in %d of %d pairs, which have no ratio", c.Unit, c.Void, c.Void+c.N)
	}
	return fmt.Sprintf("%s is not positive in %d trials, which have no ratio", c.Unit, c.Void)
}
