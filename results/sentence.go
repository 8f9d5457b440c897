package results

import (
	"fmt"
	"math"
	"strings"
)

// conclude gives every row its outcome and sentence. family is the number of comparisons
// that are corrected together.
func (v *Verdict) conclude(info *Info, family int, o Options) {
	for i := range v.Rows {
		r := &v.Rows[i]
		r.Outcome = Equivalent
		if v.winner == "" || r.Late != "" {
			r.Outcome = Inconclusive
		}
		if r.Impl == v.winner {
			r.Ratio, r.Low, r.High = 1, 1, 1
		}
		if c := r.against; c != nil {
			r.Outcome = c.Outcome
			if c.HasRatio() && c.N > 0 {
				r.Ratio, r.Low, r.High = c.Ratio, c.Low, c.High
			}
			if r.Out == "" && c.Improvement() { // by its figure it is not, so nothing can be said
				r.Outcome = Inconclusive
			}
		}
		if !r.Control && r.Out == "" && r.Outcome != Different {
			v.Best = append(v.Best, r.Impl)
		}
	}
	v.Unclear = v.unclear(info, family, o)
	for i := range v.Rows {
		v.Rows[i].Text = v.sentence(&v.Rows[i])
	}
}

// unclear says why nothing can be said of who wins; "" if something can.
func (v *Verdict) unclear(info *Info, family int, o Options) string {
	if info.State == "interrupted" || info.State == "running" {
		return "the run was interrupted"
	}
	best := v.Rows[v.best()]
	switch {
	case best.Late != "":
		return best.Late
	case best.Out != "":
		return "no row may win here: " + strings.Join(v.outs(), "; ")
	case v.winner == "" && !v.positive():
		return fmt.Sprintf("no %s at this point is positive", v.Unit)
	}
	most, what, others, told := 0, "rounds", 0, false
	for _, r := range v.Rows {
		if r.against != nil && (r.Value.N > 0 || r.Lacks == "") {
			others++
			most = max(most, r.against.N+r.against.Void)
			if r.against.Layouts > 0 {
				what = "layouts"
			}
			told = told || r.Outcome != Inconclusive
		}
	}
	switch {
	case others == 0:
		return "no other row has numbers here"
	case most < o.MinPairs:
		return fmt.Sprintf("%d %s cannot distinguish rows; at least %d are needed", most, what, o.MinPairs)
	case !told && smallestP(most)*float64(family) >= o.Alpha:
		return fmt.Sprintf("%d %s cannot tell one row among %d apart; %d can",
			most, what, family, PairsNeeded(family, o.Alpha))
	}
	return ""
}

// outs says of each contender why it cannot win.
func (v *Verdict) outs() (reasons []string) {
	for _, r := range v.Rows {
		if !r.Control && r.Out != "" {
			reasons = append(reasons, r.Impl+": "+r.Out)
		}
	}
	return reasons
}

// sentence says all of a row's verdict.
func (v *Verdict) sentence(r *RowVerdict) string {
	text := v.claim(r)
	switch {
	case r.Control || r.Late != "":
		return text
	case r.Out != "" && r.against != nil:
		text += "; it cannot win: " + r.Out
	case r.Out != "":
		text += "; but " + r.Out
	case r.Turns != "":
		text += "; " + r.Turns
	}
	if r.Tail != "" {
		text += "; " + r.Tail
	}
	return text
}

// claim says how the row compares with the winner.
func (v *Verdict) claim(r *RowVerdict) string {
	c := r.against
	switch {
	case r.Control:
		return "a control, which does not compete"
	case r.Late != "":
		return noLatency + r.Late
	case r.Value.N == 0:
		return "not ranked"
	case v.winner == "" && v.positive():
		return "not ranked"
	case v.winner == "":
		return fmt.Sprintf("not ranked: no %s at this point is positive", r.Unit)
	case c == nil:
		return v.superlative(r)
	case r.Out == "" && c.Improvement():
		return fmt.Sprintf("not distinguishable from %s: better in the same rounds, and worse by its figure", v.winner)
	case c.NoRatio && c.Outcome == Different:
		return fmt.Sprintf("%s is %.4g where that of %s is %.4g; 0 has no ratio",
			r.Unit, r.Value.Median, v.winner, c.OldMedian)
	case c.Outcome == Different:
		return r.times(v.winner) + c.OfMedians()
	case c.Outcome == Equivalent:
		return "level with " + v.winner
	case c.Void > 0 || c.N == 0 || c.NoRatio:
		return fmt.Sprintf("not distinguishable from %s: %s", v.winner, c.Reason)
	}
	return fmt.Sprintf("not distinguishable from %s (%.2f to %.2f times in the same rounds): %s",
		v.winner, c.Low, c.High, c.Reason)
}

// times says the ratio of a row that is different, which is that of its rounds.
func (r *RowVerdict) times(winner string) string {
	c := r.against
	if r.Unit == nsPerOp {
		return fmt.Sprintf("takes %.2f times as long as %s in the same rounds (%.2f to %.2f)",
			c.Ratio, winner, c.Low, c.High)
	}
	return fmt.Sprintf("%s is %.2f times that of %s in the same rounds (%.2f to %.2f)",
		r.Unit, c.Ratio, winner, c.Low, c.High)
}

// OfMedians says the ratio of the medians if it lies outside the interval of that of the
// rounds; "" otherwise.
func (c *Comparison) OfMedians() string {
	ratio := c.NewMedian / c.OldMedian
	if math.IsNaN(ratio) || math.IsInf(ratio, 0) || ratio >= c.Low && ratio <= c.High {
		return ""
	}
	if _, merged := percentiles[c.Unit]; merged {
		return fmt.Sprintf("; the ratio of the figures is %.3g", ratio)
	}
	return fmt.Sprintf("; the ratio of the medians is %.3g", ratio)
}

// superlative is what the winner of a point is called.
func (v *Verdict) superlative(r *RowVerdict) string {
	text := "the fastest here"
	if r.Unit != nsPerOp {
		text = "the best " + r.Unit + " here"
	}
	switch others := v.tied(r.Impl); {
	case r.Out != "": // so is each other row
		text = "the best figure here, but no row may win"
	case v.Unclear != "" && fromDue(r.Unit):
		text = "the best figure here; " + v.Unclear
	case v.Unclear != "":
		text = "the best median here; " + v.Unclear
	case len(others) > 0:
		text = "the best median here, not distinguished from " + strings.Join(others, ", ")
	case !v.Measured.Alone && r.Starves == "" && v.Measured.Fairness == v.Measured.Rows:
		text += " of those that starve no worker"
	}
	if missing := v.Measured.Missing(); missing != "" {
		text += "; " + missing
	}
	return text
}

// tied returns the rows that are not distinguished from the winner.
func (v *Verdict) tied(winner string) (names []string) {
	for _, name := range v.Best {
		if name != winner {
			names = append(names, name)
		}
	}
	return names
}
