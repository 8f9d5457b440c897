package results

import (
	"fmt"
	"slices"
	"strings"
)

// WithinRun compares every implementation with the baseline of its point.
func WithinRun(run *Run, o Options) []Comparison {
	o = o.filled()
	run.Unpack()
	near, two := ProbeRegime(run.Trials)
	var out []Comparison
	for _, p := range points(run) {
		base, ok := p.baseline(&run.Info)
		if !ok {
			out = append(out, p.failures("")...)
			continue
		}
		m := o.metric(&run.Info, p.rows[0].Cell)
		floor, first := p.floor(base, m.Unit), base.in(m.Unit)
		for _, row := range p.rows {
			_, again := row.Unalias()
			if again || row.Impl == base.Impl || row.Side != base.Side || !row.Passed() {
				continue
			}
			c := contrast{p.name, m, run.Info.said(m.Unit).exact, true, o}.compare(first, row.in(m.Unit))
			if c.empty() {
				continue
			}
			c.Old, c.New = base.Impl, row.Impl
			c.warnOfLayout(&run.Info)
			if c.HasRatio() {
				c.Floor = floor(c.N)
			}
			if two && c.HasRatio() {
				c.stratify(m, base, row, near, o)
			}
			out = append(out, c)
		}
		out = append(out, p.failures(base.Impl)...)
	}
	Adjust(out, o)
	return out
}

// failures lists the rows of a point that have no numbers, because a trial failed.
func (p point) failures(base string) []Comparison {
	var out []Comparison
	for _, row := range p.rows {
		if len(row.Bad) > 0 {
			bad := row.Bad[0]
			out = append(out, Comparison{
				Name: p.name, Old: base, New: row.Impl, Outcome: Broken,
				Reason: fmt.Sprintf("%s: %s", bad.Status, bad.Reason),
			})
		}
	}
	return out
}

// empty reports whether no trial of the rows has the unit. Such rows are no part of the
// family that p-values are corrected over.
func (c *Comparison) empty() bool { return c.N == 0 && c.Void == 0 }

// minStratum is the number of pairs that a regime must have to be shown.
const minStratum = 3

// stratify shows the ratio within each probe regime if there are pairs of both.
func (c *Comparison) stratify(m Metric, old, new Row, near func(Trial) bool, o Options) {
	for _, name := range []string{"near", "far"} {
		keep := func(r Row) series {
			other := func(t *Trial) bool { return near(*t) != (name == "near") }
			r.Good = slices.DeleteFunc(slices.Clone(r.Good), other)
			return r.in(m.Unit)
		}
		part := paired("", m, keep(old), keep(new), o)
		if part.N >= minStratum {
			c.Strata = append(c.Strata, Stratum{Name: name, N: part.N, Ratio: part.Ratio})
		}
	}
	if c.Mixed = len(c.Strata) == 2; c.Mixed {
		c.Warnings = append(c.Warnings,
			"the machine had two regimes during the trials; the row shows the ratio in each")
	}
}

// DuetOf compares the base side of a duet with the head side. Rows that only one side has,
// or that failed on one, come last.
func DuetOf(run *Run, o Options) []Comparison {
	o = o.filled()
	run.Unpack()
	sides := map[string]map[string]Row{}
	var order []string
	for _, r := range Rows(run.Trials) {
		name := r.Name()
		if sides[name] == nil {
			sides[name] = map[string]Row{}
			order = append(order, name)
		}
		sides[name][r.Side] = r
	}
	var out, alone []Comparison
	for _, name := range order {
		base, hasBase := sides[name][Base]
		head, hasHead := sides[name][Head]
		again := sides[name][BaseAgain]
		if !hasBase && !hasHead {
			continue
		}
		if c, ok := unequal(base, again, head); ok {
			alone = append(alone, c)
			continue
		}
		m := o.metric(&run.Info, base.Cell)
		c := contrast{name, m, run.Info.said(m.Unit).exact, true, o}.compare(base.in(m.Unit), head.in(m.Unit))
		if c.empty() {
			if c, ok := absent(&run.Info, m.Unit, base, head); ok {
				alone = append(alone, c)
			}
			continue
		}
		c.Old, c.New = Base, Head
		c.floorBetween(base, again)
		c.warnOfLayout(&run.Info)
		out = append(out, c)
	}
	for _, name := range run.Info.OnlyBase {
		alone = append(alone, Comparison{Name: name, Old: Base, New: Head, Outcome: Gone, Reason: "only the base has it"})
	}
	Adjust(out, o)
	return append(out, alone...)
}

// floorBetween sets the A/A floor from two runs of the base.
func (c *Comparison) floorBetween(base, again Row) {
	first, second := base.Values(c.Unit), again.Values(c.Unit)
	if c.Exact || c.NoRatio {
		return
	}
	if len(second) == 0 {
		c.Warnings = append(c.Warnings, "the base has no second run to compare it with: no A/A floor")
		return
	}
	c.Floor = FloorOf(first, second, c.N, floorSeed)
}

// absent returns a row that passed on both sides but lacks values of a unit that its
// workload has. A side that became too slow for a percentile has none.
func absent(info *Info, unit string, base, head Row) (Comparison, bool) {
	known := func(m Metric) bool { return m.Unit == unit }
	if !slices.ContainsFunc(info.Metrics(base.Contract, base.Work), known) && !slices.ContainsFunc(Standard, known) {
		return Comparison{}, false // another workload's metric
	}
	c := Comparison{Name: base.Name(), Unit: unit, Old: Base, New: Head, Outcome: Absent}
	count := func(r Row) string { return fmt.Sprintf("%d of %d trials", len(r.Values(unit)), len(r.Good)) }
	c.Reason = fmt.Sprintf("no round has %s on both sides: %s of the base have it, and %s of the head",
		unit, count(base), count(head))
	return c, true
}

// Duet reports whether the run has trials of both sides of a duet.
func (r *Run) Duet() bool {
	seen := map[string]bool{}
	for _, t := range r.Trials {
		seen[t.Side] = true
	}
	if r.file != nil {
		for _, row := range r.file.rows {
			seen[row.side] = true
		}
	}
	return seen["base"] && seen["head"]
}

// unequal returns a row that has no numbers on a side, or none on both. A failure in the
// base's second run is one of the base.
func unequal(base, again, head Row) (Comparison, bool) {
	c := Comparison{Name: base.Name(), Old: "base", New: "head"}
	var reasons []string
	for _, side := range []struct {
		name string
		row  Row
	}{{"base", base}, {"base", again}, {"head", head}} {
		if len(side.row.Bad) > 0 {
			bad := side.row.Bad[0]
			reason := fmt.Sprintf("%s on the %s side: %s", bad.Status, side.name, bad.Reason)
			if !slices.Contains(reasons, reason) {
				reasons = append(reasons, reason)
			}
		}
	}
	switch {
	case len(reasons) > 0:
		c.Outcome, c.Reason = Broken, strings.Join(reasons, "; ")
	case !head.Passed():
		c.Outcome, c.Reason = Gone, "only the base has it"
	case !base.Passed():
		c.Outcome, c.Reason = New, "only the head has it"
	default:
		return c, false
	}
	if !base.Passed() && head.Contract != "" {
		c.Name = head.Name()
	}
	return c, true
}
