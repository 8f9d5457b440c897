package results

import (
	"cmp"
	"math"
	"slices"
)

// Verdict says which implementations win at one point of a workload.
type Verdict struct {
	Point          string       `json:"point"`
	Contract, Work string       `json:"-"`
	Suite          string       `json:"suite,omitempty"`   // the only one that was judged; "": all that share the point
	Unit           string       `json:"unit"`              // what the rows are ranked by
	About          string       `json:"about,omitempty"`   // what Unit is, in a few words
	Best           []string     `json:"best"`              // the winner, then those that are not different from it
	Rows           []RowVerdict `json:"rows"`              // the best first
	Measured       Measured     `json:"measured"`          // what else the verdict looked at
	Unclear        string       `json:"unclear,omitempty"` // why the point has no winner

	winner string // the best contender that may win; "" if no row can be ranked
}

// RowVerdict compares one implementation with the winner of its point: by its main
// figure, its fairness, its longest wait and its tail.
type RowVerdict struct {
	Impl             string  `json:"impl"`
	Unit             string  `json:"unit"`  // what the row is ranked by
	Value            Sample  `json:"value"` // of Unit
	Ns               Sample  `json:"ns"`    // of ns/op, whatever the row is ranked by
	Ops              float64 `json:"ops_per_second"`
	Ratio, Low, High float64 `json:"-"` // its Value over the winner's, in the same rounds; NaN: there is none
	Outcome          Outcome `json:"outcome"`
	Starves          string  `json:"starves,omitempty"` // how unfair it was; empty: not remarkable
	Tail             string  `json:"tail,omitempty"`    // how much longer its tail is; empty: not remarkable
	Turns            string  `json:"turns,omitempty"`   // how few turns it had; empty: enough
	Out              string  `json:"out,omitempty"`     // why it cannot win; empty: it can
	Late             string  `json:"late,omitempty"`    // why its latency is not its own; empty: it is
	Lacks            string  `json:"lacks,omitempty"`   // why trials of it have no Value; empty: all have one
	Control          bool    `json:"control"`           // it does not compete
	Text             string  `json:"text"`              // all of it in a sentence

	against *Comparison // the winner; nil for the winner itself and for controls
}

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
		verdicts[i].conclude(&run.Info, len(family), o)
	}
	return verdicts
}

// verdict ranks the rows of a point. There is no verdict without a contender that has
// numbers.
func (p point) verdict(info *Info, o Options) (Verdict, bool) {
	m := info.Ranking(p.rows[0].Cell, o.Unit)
	v := Verdict{Point: p.name, Contract: p.contract, Work: p.work, Unit: m.Unit, About: m.About}
	rows := p.ranked(m)
	for _, r := range rows {
		v.Rows = append(v.Rows, newRowVerdict(r, m, info))
	}
	v.remark(p, rows, info)
	best := v.best()
	if best < 0 {
		return v, false
	}
	if !v.positive() || v.Rows[best].Late != "" || v.Rows[best].Value.N == 0 {
		return v, true
	}
	v.winner = rows[best].Impl
	base, _ := p.baseline(info)
	floor, first := p.floor(base, m.Unit), rows[best].in(m.Unit)
	for i, r := range rows {
		if i == best || v.Rows[i].Control || v.Rows[i].Late != "" {
			continue
		}
		c := contrast{p.name, m, false, true, o}.compare(first, r.in(m.Unit))
		if c.HasRatio() {
			c.Floor = floor(c.N)
		}
		c.OldMedian, c.NewMedian = v.Rows[best].Value.Median, v.Rows[i].Value.Median
		v.Rows[i].against = &c
	}
	return v, true
}

// ranked returns the rows that have numbers, the best first, and then those without a
// number because no turn finished.
func (p point) ranked(m Metric) []Row {
	var rows, none []Row
	medians := map[string]float64{}
	for _, r := range p.rows {
		if _, again := r.Unalias(); again || !r.Passed() || r.Side != "" {
			continue
		}
		value := r.Estimate(m.Unit)
		switch {
		case value.N > 0 && !math.IsNaN(value.Median):
			medians[r.Impl] = value.Median
			rows = append(rows, r)
		case m.Unit == nsPerOp && r.turnsOf().none > 0, r.Lacks(m.Unit) != "":
			none = append(none, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		d := cmp.Compare(medians[a.Impl], medians[b.Impl])
		if m.Better == Higher {
			return -d
		}
		return d
	})
	return append(rows, none...)
}

func newRowVerdict(r Row, m Metric, info *Info) RowVerdict {
	i, _ := info.Impl(r.Cell)
	value, none := r.Estimate(m.Unit), math.NaN()
	v := RowVerdict{
		Impl: r.Impl, Unit: m.Unit, Value: value, Ns: value, Ratio: none, Low: none, High: none, Control: i.Role != "",
		Lacks: r.Lacks(m.Unit),
	}
	if m.Unit != nsPerOp {
		v.Ns = r.Sample(nsPerOp)
	}
	if v.Ns.Median > 0 {
		v.Ops = 1e9 / v.Ns.Median
	}
	return v
}

// best returns the best contender that may win, or the best one if none may; -1 without a
// contender.
func (v *Verdict) best() int {
	may := slices.IndexFunc(v.Rows, func(r RowVerdict) bool { return !r.Control && r.Out == "" })
	if may >= 0 {
		return may
	}
	return slices.IndexFunc(v.Rows, func(r RowVerdict) bool { return !r.Control })
}

// positive reports whether any contender has a value that a ratio can be made of.
func (v *Verdict) positive() bool {
	return slices.ContainsFunc(v.Rows, func(r RowVerdict) bool { return !r.Control && r.Value.Max > 0 })
}
