package results

import (
	"fmt"
	"math"
)

// PairsNeeded returns how many pairs a comparison of rows needs, so that one row alone
// can be called different at the false discovery rate alpha. One pair may contradict the
// others, by however much. It is at least log2(2·rows/alpha).
func PairsNeeded(rows int, alpha float64) int {
	n := Options{}.filled().MinPairs
	for signedRank(oneAgainst(n))*float64(max(rows, 1)) >= alpha {
		n++
	}
	return n
}

// oneAgainst returns n differences of one sign but for the largest.
func oneAgainst(n int) []float64 {
	d := make([]float64, n)
	for i := range d {
		d[i] = float64(i + 1)
	}
	d[n-1] = -d[n-1]
	return d
}

// smallestP returns the least p-value that n pairs can have: that of n differences of one
// sign.
func smallestP(n int) float64 { return min(1, math.Ldexp(2, -n)) }

// explain completes the reason for an outcome: too few layouts, or why a row says nothing
// although it looks like a difference. needed returns the pairs that the rows need.
func (c *Comparison) explain(rows int, needed func() int, o Options) {
	if c.Outcome == Inconclusive && c.Void == 0 && c.Layouts > 0 && c.N < o.MinPairs {
		c.Reason = c.whyFew(o)
	}
	c.explainSilence(rows, needed, o)
}

// explainSilence gives the reason why a row is not called different although its whole
// interval lies beyond the margin. Such a row looks like a difference in every table.
func (c *Comparison) explainSilence(rows int, needed func() int, o Options) {
	beyond := c.Low > 1+o.Margin || c.High < 1-o.Margin
	if c.Outcome != Inconclusive || !beyond || c.Void > 0 || c.N < o.MinPairs {
		return
	}
	switch {
	case c.PAdjusted < o.Alpha: // the A/A floor is the reason, as judge says
	case c.Paired && smallestP(c.N)*float64(rows) >= o.Alpha:
		what := "pairs"
		if c.Layouts > 0 {
			what = "layouts"
		}
		c.Reason = fmt.Sprintf("%d %s cannot tell one row among %d apart at %v: p is at least %.2g before correction; "+
			"%d can", c.N, what, rows, o.Alpha, smallestP(c.N), needed())
	default:
		c.Reason = fmt.Sprintf("p = %.2g, and %.2g after correction over %d rows, is not below %v",
			c.P, c.PAdjusted, rows, o.Alpha)
	}
	c.Warnings = append(c.Warnings, fmt.Sprintf(
		"%s is not called different although its whole interval, %.3g to %.3g, lies beyond ±%.3g %%: %s",
		c.Name, c.Low, c.High, 100*o.Margin, c.Reason))
}
