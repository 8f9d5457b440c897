package results

import (
	"fmt"
	"math"
	"strings"
)

// conclude gives every row its outcome and sentence.
func (v *Verdict) conclude(info *Info, o Options) {
	for i := range v.Rows {
		r := &v.Rows[i]
		r.Outcome = Equivalent
		if v.winner == "" || r.Late != "" {
			r.Outcome = Inconclusive
		}
		if c := r.against; c != nil {
			r.Ratio, r.Low, r.High, r.Outcome = c.Ratio, c.Low, c.High, c.Outcome
		}
		if !r.Control && (r.Impl == v.winner || r.Outcome != Different && r.Out == "") {
			v.Best = append(v.Best, r.Impl)
		}
	}
	if len(v.Best) == 0 { // no row can be ranked, and none may win
		v.Best = append(v.Best, v.Rows[v.best()].Impl)
	}
	v.Unclear = v.unclear(info, o)
	for i := range v.Rows {
		v.Rows[i].Text = v.sentence(&v.Rows[i])
	}
}

// unclear says why nothing can be said of who wins; "" if something can.
func (v *Verdict) unclear(info *Info, o Options) string {
	if info.State == "interrupted" || info.State == "running" {
		return "the run was interrupted"
	}
	if late := v.Rows[v.best()].Late; late != "" {
		return late
	}
	if v.winner == "" {
		return fmt.Sprintf("no %s at this point is positive", v.Unit)
	}
	most, others := 0, 0
	for _, r := range v.Rows {
		if r.against != nil {
			others++
			most = max(most, r.against.N+r.against.Void)
		}
	}
	switch {
	case others == 0:
		return "no other row has numbers here"
	case most < o.MinPairs:
		return fmt.Sprintf("%d rounds cannot distinguish rows; at least %d are needed", most, o.MinPairs)
	}
	return ""
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
	case v.winner == "":
		return fmt.Sprintf("not ranked: no %s at this point is positive", r.Unit)
	case c == nil:
		return v.superlative(r)
	case r.Value.N == 0:
		return "not ranked"
	case c.Outcome == Different:
		return r.times(v.winner) + c.OfMedians()
	case c.Outcome == Equivalent:
		return "level with " + v.winner
	case c.Void > 0 || c.N == 0:
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
	return fmt.Sprintf("; the ratio of the medians is %.3g", ratio)
}

// superlative is what the winner of a point is called.
func (v *Verdict) superlative(r *RowVerdict) string {
	text := "the fastest here"
	if r.Unit != nsPerOp {
		text = "the best " + r.Unit + " here"
	}
	switch others := v.tied(r.Impl); {
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
