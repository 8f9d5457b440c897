package results

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrMachines says that two runs are of different machines, kernels or Go versions.
var ErrMachines = errors.New("the results are not comparable")

// Apart is the note on rows of two runs.
const Apart = "measured at different times: drift of the machine cannot be told from a change; " +
	"only a duet excludes it"

// across compares two runs.
type across struct {
	old, new *Run
	o        Options
	notes    []string // on every row
}

// Across compares the rows of equal name in two runs. They are not paired. Rows that only
// one run has, or that failed in one, come last. If the machines differ, the comparisons
// come with an ErrMachines that says how.
func Across(old, new *Run, o Options) ([]Comparison, error) {
	x := across{old, new, o.filled(), []string{Apart}}
	machines := differ(old.Info.Machine.keys(), new.Info.Machine.keys())
	if len(machines) > 0 {
		x.notes = append(x.notes, "different machines: "+strings.Join(machines, ", "))
	}
	if files := differ(x.others(old), x.others(new)); len(files) > 0 {
		x.notes = append(x.notes, strings.Join(files, ", "))
	}
	for _, side := range []struct {
		name string
		run  *Run
	}{{"old", old}, {"new", new}} {
		if one := side.run.Info.OneLayout; one != "" {
			x.notes = append(x.notes, "the "+side.name+" run has "+one)
		}
	}
	out := x.rows()
	Adjust(out, o)
	if len(machines) > 0 {
		return out, fmt.Errorf("%w: %s; --force compares them anyway", ErrMachines, strings.Join(machines, ", "))
	}
	return out, nil
}

// differ names the keys that have other values in the new list. An empty value is
// unknown.
func differ(old, new []Param) []string {
	var texts []string
	for _, k := range old {
		if value, ok := find(new, k.Key); ok && value != "" && k.Value != "" && value != k.Value {
			texts = append(texts, fmt.Sprintf("%s is %s in the old and %s in the new", k.Key, k.Value, value))
		}
	}
	return texts
}

// packageKey is the file key of a benchmark's package. With another package, it is
// another benchmark.
const packageKey = "pkg"

// others returns the constant file keys that neither belong to the machine nor say which
// benchmark it is.
func (x across) others(r *Run) []Param {
	return slices.DeleteFunc(slices.Clone(r.constant), func(p Param) bool {
		_, machine := find(Machine{}.keys(), p.Key)
		return machine || p.Key == packageKey
	})
}

// keys returns the file keys that tell rows apart in either run.
func (x across) keys() []string {
	keys := slices.Clone(x.old.varying)
	for _, key := range x.new.varying {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	was, known := find(x.old.constant, packageKey)
	is, also := find(x.new.constant, packageKey)
	if known && also && was != is {
		keys = append(keys, packageKey)
	}
	return keys
}

func (x across) rows() []Comparison {
	keys := x.keys()
	name := func(r Row) string { return r.Side + " " + r.Name() }
	before := map[string]Row{}
	var order []string
	for _, r := range Rows(separated(x.old.Trials, keys)) {
		before[name(r)] = r
		order = append(order, name(r))
	}
	var out, alone []Comparison
	seen := map[string]bool{}
	for _, r := range Rows(separated(x.new.Trials, keys)) {
		old, ok := before[name(r)]
		seen[name(r)] = true
		switch {
		case second(r):
		case !ok:
			alone = append(alone, x.lone(r, New, x.old))
		case !old.Passed() || !r.Passed():
			alone = append(alone, broken(old, r))
		default:
			both, one := x.pair(old, r)
			out, alone = append(out, both...), append(alone, one...)
		}
	}
	for _, name := range order {
		if r := before[name]; !seen[name] && !second(r) {
			alone = append(alone, x.lone(r, Gone, x.new))
		}
	}
	if x.o.Unit == "" { // as benchstat: one unit after the other
		place := func(c Comparison) int { return slices.Index(x.new.Units(), c.Unit) }
		slices.SortStableFunc(out, func(a, b Comparison) int { return place(a) - place(b) })
	}
	return append(out, alone...)
}

// second reports whether a row is an A/A twin, of a baseline or of a duet's base. It says
// nothing of a change.
func second(r Row) bool {
	_, again := r.Unalias()
	return again || r.Side == BaseAgain
}

// pair compares a row of both runs in every unit that counts, and lists the units that
// only one of them has.
func (x across) pair(old, new Row) (both, alone []Comparison) {
	for _, unit := range x.units(new) {
		c, ok := x.inUnit(old, new, unit)
		switch {
		case !ok:
		case c.Alone():
			alone = append(alone, c)
		default:
			both = append(both, c)
		}
	}
	return both, alone
}

// units returns what a row is compared by. Workloads of contend have one such metric.
func (x across) units(r Row) []string {
	switch {
	case x.o.Unit != "":
		return []string{x.o.Unit}
	case r.Own():
		return []string{x.o.metric(x.info(r), r.Cell).Unit}
	}
	units := slices.Clone(x.new.Units())
	for _, unit := range x.old.Units() {
		if _, ok := x.new.Unit(unit); !ok {
			units = append(units, unit)
		}
	}
	return units
}

// info returns the tables that know the row's workload. Those of an old run may not.
func (x across) info(r Row) *Info {
	if _, known := x.new.Info.Work(r.Contract, r.Work); known {
		return &x.new.Info
	}
	return &x.old.Info
}

func (x across) inUnit(old, new Row, unit string) (c Comparison, ok bool) {
	m := x.info(new).Metric(new.Contract, new.Work, unit)
	if m.Better == Neither {
		m.Better = x.old.Info.Metric(new.Contract, new.Work, unit).Better
	}
	exact := x.new.Info.said(unit).Exact || x.old.Info.said(unit).Exact
	before, after := in(x.old, old.Good, unit), in(x.new, new.Good, unit)
	had, has := len(valuesOf(before, unit)) > 0, len(valuesOf(after, unit)) > 0
	switch {
	case !had && !has:
		return c, false
	case !has:
		return Comparison{Name: new.Name(), Old: "old", Unit: unit, Outcome: Gone, Reason: "no " + unit + " in the new"}, true
	case !had:
		return Comparison{Name: new.Name(), New: "new", Unit: unit, Outcome: New, Reason: "no " + unit + " in the old"}, true
	}
	c = contrast{new.Name(), m, exact, false, x.o}.compare(before, after)
	c.Old, c.New = "old", "new"
	if new.Side != "" {
		c.Old, c.New = "old "+new.Side, "new "+new.Side
	}
	c.Warnings = append(c.Warnings, x.notes...)
	return c, true
}

// in returns trials with their values of a kind in the given unit, which another file may
// spell otherwise.
func in(run *Run, trials []Trial, unit string) []Trial {
	spelt, ok := run.Unit(unit)
	if !ok || spelt == unit {
		return trials
	}
	trials = slices.Clone(trials)
	for i, t := range trials {
		if v, ok := t.Values[spelt]; ok {
			trials[i].Values = map[string]float64{unit: convert(v, spelt, unit)}
		}
	}
	return trials
}

// lone is the row of a benchmark that only one run has. The other one may say that it
// failed there.
func (x across) lone(r Row, outcome Outcome, other *Run) Comparison {
	c := Comparison{Name: r.Name(), Outcome: outcome, Reason: "only in the old", Old: "old"}
	if outcome == New {
		c.Reason, c.Old, c.New = "only in the new", "", "new"
	}
	if r.Side != "" {
		c.Reason += ", side " + r.Side
	}
	if len(r.Bad) > 0 {
		c.Outcome, c.Reason = Broken, fmt.Sprintf("%s, where it %s: %s", c.Reason, r.Bad[0].Status, r.Bad[0].Reason)
	}
	for _, p := range other.Problems {
		if p.Failure && p.Bench != "" && r.bench(p.Bench) {
			c.Reason += "; the other says " + p.Text
			break
		}
	}
	return c
}

// bench reports whether go test may mean a row by a benchmark's name: with or without
// GOMAXPROCS, or as the function that a stack trace shows.
func (c Cell) bench(name string) bool {
	name = strings.TrimPrefix(name, "Benchmark")
	written := c.name("/impl=" + c.Impl)
	if !c.Own() {
		written = c.from.bench
	}
	rest, ok := strings.CutPrefix(written, name)
	return ok && (rest == "" || rest[0] == '-' || rest[0] == '/')
}

// broken is a row that failed in a run, or in both.
func broken(old, new Row) Comparison {
	var reasons []string
	for i, r := range []Row{old, new} {
		if len(r.Bad) > 0 {
			side := []string{"old", "new"}[i]
			reasons = append(reasons, fmt.Sprintf("%s in the %s: %s", r.Bad[0].Status, side, r.Bad[0].Reason))
		}
	}
	return Comparison{
		Name: new.Name(), Outcome: Broken, Old: "old", New: "new", Reason: strings.Join(reasons, "; "),
	}
}
