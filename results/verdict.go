package results

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Verdict says which implementations win at one point of a workload.
type Verdict struct {
	Point          string       `json:"point"`
	Contract, Work string       `json:"-"`
	Unit           string       `json:"unit"`            // what the rows are ranked by
	About          string       `json:"about,omitempty"` // what Unit is, in a few words
	Best           []string     `json:"best"`            // the winner, then those that are not different from it
	Rows           []RowVerdict `json:"rows"`            // the best first

	winner string // the best contender that starves no worker; "" if no row can be ranked
}

// RowVerdict compares one implementation with the winner of its point: by its main
// figure, its fairness and its tail.
type RowVerdict struct {
	Impl             string  `json:"impl"`
	Unit             string  `json:"unit"`  // what the row is ranked by
	Value            Sample  `json:"value"` // of Unit
	Ns               Sample  `json:"ns"`    // of ns/op, whatever the row is ranked by
	Ops              float64 `json:"ops_per_second"`
	Ratio, Low, High float64 `json:"-"` // its Value over the winner's
	Outcome          Outcome `json:"outcome"`
	Starves          string  `json:"starves,omitempty"` // how unfair it was; empty: not remarkable
	Tail             string  `json:"tail,omitempty"`    // how much longer its tail is; empty: not remarkable
	Control          bool    `json:"control"`           // it does not compete
	Text             string  `json:"text"`              // all of it in a sentence

	against *Comparison // the winner; nil for the winner itself and for controls
}

const (
	unfairRatio   = 0.5 // a Jain index below this share of the best one is unfair
	longTailRatio = 10  // a p99 of at least this many times the shortest is a long tail
)

// Verdicts judges every point of a run. Controls and implementations that are known to be
// broken are shown, but never win.
func Verdicts(run *Run, o Options) []Verdict {
	o = o.filled()
	var verdicts []Verdict
	var family []*Comparison // the claims that are corrected together: contenders against the winner
	for _, p := range points(run) {
		v, ok := p.verdict(&run.Info, o)
		if !ok {
			continue
		}
		for _, r := range v.Rows {
			if r.against != nil {
				family = append(family, r.against)
			}
		}
		verdicts = append(verdicts, v)
	}
	adjust(family, o)
	for i := range verdicts {
		verdicts[i].conclude()
	}
	return verdicts
}

// verdict ranks the rows of a point. There is no verdict without a contender that has
// numbers.
func (p point) verdict(info *Info, o Options) (Verdict, bool) {
	m := info.Ranking(p.contract, p.work, o.Unit)
	v := Verdict{Point: p.name, Contract: p.contract, Work: p.work, Unit: m.Unit, About: m.About}
	rows := p.ranked(m)
	for _, r := range rows {
		v.Rows = append(v.Rows, newRowVerdict(r, m, info))
	}
	v.remark(rows)
	best := v.best()
	if best < 0 {
		return v, false
	}
	if !v.positive() {
		return v, true
	}
	v.winner = rows[best].Impl
	base, _ := p.baseline(info)
	floor := p.floor(base, m.Unit)
	for i, r := range rows {
		if i == best || v.Rows[i].Control {
			continue
		}
		c := paired(p.name, m, rows[best].Good, r.Good, o)
		c.Floor = floor(c.N)
		v.Rows[i].against = &c
	}
	return v, true
}

// ranked returns the rows that have numbers, the best first.
func (p point) ranked(m Metric) []Row {
	var rows []Row
	medians := map[string]float64{}
	for _, r := range p.rows {
		if _, again := r.Unalias(); again || !r.Passed() || r.Side != "" {
			continue
		}
		values := r.Values(m.Unit)
		if median := Median(values); len(values) > 0 && !math.IsNaN(median) {
			medians[r.Impl] = median
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		d := cmp.Compare(medians[a.Impl], medians[b.Impl])
		if m.Better == Higher {
			return -d
		}
		return d
	})
	return rows
}

func newRowVerdict(r Row, m Metric, info *Info) RowVerdict {
	i, _ := info.Impl(r.Cell)
	value := r.Sample(m.Unit)
	v := RowVerdict{
		Impl: r.Impl, Unit: m.Unit, Value: value, Ns: value, Ratio: 1, Low: 1, High: 1, Control: i.Role != "",
	}
	if m.Unit != nsPerOp {
		v.Ns = r.Sample(nsPerOp)
	}
	if v.Ns.Median > 0 {
		v.Ops = 1e9 / v.Ns.Median
	}
	return v
}

// remark notes which rows are unfair or have a long tail, compared with the best
// contender in each respect.
func (v *Verdict) remark(rows []Row) {
	var fairest, shortest float64
	for i, r := range rows {
		if v.Rows[i].Control {
			continue
		}
		if j := r.Sample("jain"); j.N > 0 {
			fairest = max(fairest, j.Median)
		}
		if t := r.Sample("p99-ns"); t.N > 0 && (shortest == 0 || t.Median < shortest) {
			shortest = t.Median
		}
	}
	for i, r := range rows {
		jain, starved, tail := r.Sample("jain"), r.Sample("starved"), r.Sample("p99-ns")
		switch {
		case starved.N > 0 && starved.Median > 0:
			v.Rows[i].Starves = fmt.Sprintf("%.0f workers got no turn in %.0f ms",
				starved.Median, r.Sample("fair-ms").Median)
		case jain.N > 0 && jain.Median < unfairRatio*fairest:
			v.Rows[i].Starves = fmt.Sprintf("Jain's index is %.2f where the fairest has %.2f", jain.Median, fairest)
		}
		if tail.N > 0 && shortest > 0 && tail.Median >= longTailRatio*shortest {
			v.Rows[i].Tail = fmt.Sprintf("p99 is %.0f times the shortest", tail.Median/shortest)
		}
	}
}

// best returns the best contender that starves no worker, or the best one if all do; -1
// without a contender.
func (v *Verdict) best() int {
	fair := slices.IndexFunc(v.Rows, func(r RowVerdict) bool { return !r.Control && r.Starves == "" })
	if fair >= 0 {
		return fair
	}
	return slices.IndexFunc(v.Rows, func(r RowVerdict) bool { return !r.Control })
}

// positive reports whether any contender has a value that a ratio can be made of.
func (v *Verdict) positive() bool {
	return slices.ContainsFunc(v.Rows, func(r RowVerdict) bool { return !r.Control && r.Value.Max > 0 })
}

// conclude gives every row its outcome and sentence.
func (v *Verdict) conclude() {
	for i := range v.Rows {
		r := &v.Rows[i]
		r.Outcome = Equivalent
		if v.winner == "" {
			r.Outcome = Inconclusive
		}
		if c := r.against; c != nil {
			r.Ratio, r.Low, r.High, r.Outcome = c.Ratio, c.Low, c.High, c.Outcome
		}
		if !r.Control && (r.Impl == v.winner || r.Outcome != Different && r.Starves == "") {
			v.Best = append(v.Best, r.Impl)
		}
		r.Text = r.sentence(v.winner)
	}
	if len(v.Best) == 0 { // no row can be ranked, and all starve others
		v.Best = append(v.Best, v.Rows[v.best()].Impl)
	}
}

func (r *RowVerdict) sentence(winner string) string {
	text := r.claim(winner)
	if r.Starves != "" && r.against != nil {
		text += "; it cannot win: " + r.Starves
	}
	if r.Tail != "" {
		text += "; " + r.Tail
	}
	return text
}

// claim says how the row compares with the winner.
func (r *RowVerdict) claim(winner string) string {
	c := r.against
	switch {
	case r.Control:
		return "a control, which does not compete"
	case winner == "":
		return fmt.Sprintf("not ranked: no %s at this point is positive", r.Unit)
	case c == nil:
		return r.superlative()
	case c.Outcome == Different && r.Unit == nsPerOp:
		return fmt.Sprintf("takes %.2f times as long as %s (%.2f to %.2f)", c.Ratio, winner, c.Low, c.High)
	case c.Outcome == Different:
		return fmt.Sprintf("%s is %.2f times that of %s (%.2f to %.2f)", r.Unit, c.Ratio, winner, c.Low, c.High)
	case c.Outcome == Equivalent:
		return "level with " + winner
	case c.Void > 0 || c.N == 0:
		return fmt.Sprintf("not distinguishable from %s: %s", winner, c.Reason)
	}
	return fmt.Sprintf("not distinguishable from %s (%.2f to %.2f times): %s", winner, c.Low, c.High, c.Reason)
}

// superlative is what the winner of a point is called.
func (r *RowVerdict) superlative() string {
	text := "the fastest here"
	if r.Unit != nsPerOp {
		text = "the best " + r.Unit + " here"
	}
	if r.Starves == "" {
		text += " of those that starve no worker"
	}
	return text
}
