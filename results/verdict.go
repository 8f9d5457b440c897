package results

import (
	"cmp"
	"fmt"
	"slices"
)

// Verdict says who wins one point of a workload.
type Verdict struct {
	Point          string       `json:"point"`
	Contract, Work string       `json:"-"`
	Best           []string     `json:"best"` // first the fastest that starves nobody, then those that are not different from it
	Rows           []RowVerdict `json:"rows"` // fastest first

	fastest string
}

// RowVerdict is one implementation beside the fastest of its point: throughput, fairness and tail together.
type RowVerdict struct {
	Impl             string  `json:"impl"`
	Ns               Sample  `json:"ns"`
	Ops              float64 `json:"ops_per_second"`
	Ratio, Low, High float64 `json:"-"` // its time over the fastest's
	Outcome          Outcome `json:"outcome"`
	Starves          string  `json:"starves,omitempty"` // how unfair it was; empty: not remarkable
	Tail             string  `json:"tail,omitempty"`    // how much longer its tail is; empty: not remarkable
	Control          bool    `json:"control"`           // it does not compete
	Text             string  `json:"text"`              // all of it in a sentence

	beside *Comparison // with the fastest; nil for the fastest itself and for controls
}

const (
	unfairBeside = 0.5 // a Jain index under this share of the best one is unfair
	longBeside   = 10  // a p99 of this many times the least one is a long tail
)

// Verdicts judges every point of a run. Controls and rows known to be broken are shown and never win.
func Verdicts(run *Run, o Options) []Verdict {
	o = o.filled()
	controls := map[string]bool{}
	for _, i := range run.Info.Impls {
		controls[i.Contract+" "+i.Name] = i.Role != ""
	}
	var verdicts []Verdict
	var family []*Comparison // the claims that are corrected together: contenders beside the fastest
	for _, p := range points(run) {
		v := Verdict{Point: p.name, Contract: p.contract, Work: p.work}
		rows := p.ranked(o)
		for _, r := range rows {
			ns := r.Sample(o.Unit)
			v.Rows = append(v.Rows, RowVerdict{Impl: r.Impl, Ns: ns, Ops: 1e9 / ns.Median, Control: controls[r.Contract+" "+r.Impl]})
		}
		v.besides(rows)
		fastest := v.winner()
		if fastest < 0 {
			continue
		}
		v.fastest = rows[fastest].Impl
		base, _ := p.baseline(run)
		for i, r := range rows {
			if i == fastest || v.Rows[i].Control {
				continue
			}
			c := Paired(p.name, rows[fastest].Good, r.Good, o)
			c.Floor = p.floor(base, c.N, o)
			v.Rows[i].beside = &c
			family = append(family, &c)
		}
		verdicts = append(verdicts, v)
	}
	adjust(family, o)
	for i := range verdicts {
		verdicts[i].conclude()
	}
	return verdicts
}

// ranked returns the rows that have numbers, the fastest first.
func (p point) ranked(o Options) []Row {
	var rows []Row
	medians := map[string]float64{}
	for _, r := range p.rows {
		if _, again := r.Base(); again || !r.Passed() || r.Side != "" {
			continue
		}
		if m := r.Sample(o.Unit).Median; m > 0 {
			medians[r.Impl] = m
			rows = append(rows, r)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(medians[a.Impl], medians[b.Impl]) })
	return rows
}

// besides notes who is unfair or has a long tail, beside the best contender in each.
func (v *Verdict) besides(rows []Row) {
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
			v.Rows[i].Starves = fmt.Sprintf("%.0f workers got no turn in %.0f ms", starved.Median, r.Sample("fair-ms").Median)
		case jain.N > 0 && jain.Median < unfairBeside*fairest:
			v.Rows[i].Starves = fmt.Sprintf("Jain's index is %.2f where the fairest has %.2f", jain.Median, fairest)
		}
		if tail.N > 0 && shortest > 0 && tail.Median >= longBeside*shortest {
			v.Rows[i].Tail = fmt.Sprintf("p99 is %.0f times the shortest", tail.Median/shortest)
		}
	}
}

// winner returns the fastest contender that does not starve others, or the fastest one where all do; -1 without a
// contender.
func (v *Verdict) winner() int {
	fair := slices.IndexFunc(v.Rows, func(r RowVerdict) bool { return !r.Control && r.Starves == "" })
	if fair >= 0 {
		return fair
	}
	return slices.IndexFunc(v.Rows, func(r RowVerdict) bool { return !r.Control })
}

// conclude gives every row its outcome and sentence.
func (v *Verdict) conclude() {
	for i := range v.Rows {
		r := &v.Rows[i]
		r.Ratio, r.Low, r.High, r.Outcome = 1, 1, 1, Equivalent
		if c := r.beside; c != nil {
			r.Ratio, r.Low, r.High, r.Outcome = c.Ratio, c.Low, c.High, c.Outcome
		}
		if !r.Control && (r.Impl == v.fastest || r.Outcome != Different && r.Starves == "") {
			v.Best = append(v.Best, r.Impl)
		}
		r.Text = r.sentence(v.fastest)
	}
}

func (r *RowVerdict) sentence(fastest string) string {
	text := ""
	switch c := r.beside; {
	case r.Control:
		text = "a control, which does not compete"
	case c == nil && r.Starves == "":
		text = "the fastest here of those that starve nobody"
	case c == nil:
		text = "the fastest here"
	case c.Outcome == Different:
		text = fmt.Sprintf("takes %.2f times as long as %s (%.2f to %.2f)", c.Ratio, fastest, c.Low, c.High)
	case c.Outcome == Equivalent:
		text = "level with " + fastest
	default:
		text = fmt.Sprintf("not told apart from %s (%.2f to %.2f times): %s", fastest, c.Low, c.High, c.Reason)
	}
	if r.Starves != "" && r.beside != nil {
		text += "; it cannot win: " + r.Starves
	}
	if r.Tail != "" {
		text += "; " + r.Tail
	}
	return text
}
