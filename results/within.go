package results

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// WithinRun compares every implementation with the baseline of its point.
func WithinRun(run *Run, o Options) []Comparison {
	o = o.filled()
	near, two := ProbeRegime(run.Trials)
	var out []Comparison
	for _, p := range points(run) {
		base, ok := p.baseline(&run.Info)
		if !ok {
			continue
		}
		m := o.metric(&run.Info, p.contract, p.work)
		floor := p.floor(base, m.Unit)
		for _, row := range p.rows {
			_, again := row.Unalias()
			if again || row.Impl == base.Impl || row.Side != base.Side || !row.Passed() {
				continue
			}
			c := paired(p.name, m, base.Good, row.Good, o)
			if c.empty() {
				continue
			}
			c.Old, c.New, c.Floor = base.Impl, row.Impl, floor(c.N)
			c.warnOfLayout(&run.Info)
			if two {
				c.stratify(m, base.Good, row.Good, near, o)
			}
			out = append(out, c)
		}
	}
	Adjust(out, o)
	return out
}

// empty reports whether no trial of the rows has the unit. Such rows are no part of the
// family that p-values are corrected over.
func (c *Comparison) empty() bool { return c.N == 0 && c.Void == 0 }

// minStratum is the number of pairs that a regime must have to be shown.
const minStratum = 3

// stratify shows the ratio within each probe regime if there are pairs of both.
func (c *Comparison) stratify(m Metric, old, new []Trial, near func(Trial) bool, o Options) {
	for _, name := range []string{"near", "far"} {
		keep := func(trials []Trial) []Trial {
			return slices.DeleteFunc(slices.Clone(trials), func(t Trial) bool { return near(t) != (name == "near") })
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

// ErrMachines says that two runs are of different machines, kernels or Go versions.
var ErrMachines = errors.New("the results are not comparable")

// Across compares the rows of equal name in two runs. They are not paired. If the
// machines differ, the comparisons come with an ErrMachines that says how.
func Across(old, new *Run, o Options) ([]Comparison, error) {
	o = o.filled()
	var differ []string
	for i, k := range old.Info.Machine.keys() {
		other := new.Info.Machine.keys()[i]
		if k.Value != "" && other.Value != "" && k.Value != other.Value {
			differ = append(differ, fmt.Sprintf("%s is %s in the old and %s in the new", k.Key, k.Value, other.Value))
		}
	}
	rows := map[string]Row{}
	for _, r := range Rows(old.Trials) {
		rows[r.Side+" "+r.Name()] = r
	}
	var out []Comparison
	for _, r := range Rows(new.Trials) {
		before, ok := rows[r.Side+" "+r.Name()]
		if !ok || !before.Passed() || !r.Passed() {
			continue
		}
		info := &new.Info // the old one may not declare metrics yet
		if _, known := info.Work(r.Contract, r.Work); !known {
			info = &old.Info
		}
		c := unpaired(r.Name(), o.metric(info, r.Contract, r.Work), before.Good, r.Good, o)
		if c.empty() {
			continue
		}
		c.Old, c.New = "old", "new"
		c.Warnings = append(c.Warnings,
			"measured at different times: the machine may have changed; only a duet excludes that")
		if len(differ) > 0 {
			c.Warnings = append(c.Warnings, "different machines: "+strings.Join(differ, ", "))
		}
		out = append(out, c)
	}
	Adjust(out, o)
	if len(differ) > 0 {
		return out, fmt.Errorf("%w: %s; --force compares them anyway", ErrMachines, strings.Join(differ, ", "))
	}
	return out, nil
}

// DuetOf compares the base side of a duet with the head side.
func DuetOf(run *Run, o Options) []Comparison {
	o = o.filled()
	sides := map[string]map[string]Row{}
	var order []string
	for _, r := range Rows(run.Trials) {
		if sides[r.Name()] == nil {
			sides[r.Name()] = map[string]Row{}
			order = append(order, r.Name())
		}
		sides[r.Name()][r.Side] = r
	}
	var out []Comparison
	for _, name := range order {
		base, again, head := sides[name][Base], sides[name][BaseAgain], sides[name][Head]
		if !base.Passed() || !head.Passed() {
			continue
		}
		c := paired(name, o.metric(&run.Info, base.Contract, base.Work), base.Good, head.Good, o)
		if c.empty() {
			continue
		}
		c.Old, c.New = Base, Head
		if again.Passed() {
			c.Floor = FloorOf(base.Values(c.Unit), again.Values(c.Unit), c.N, floorSeed)
		}
		c.warnOfLayout(&run.Info)
		out = append(out, c)
	}
	Adjust(out, o)
	return out
}
