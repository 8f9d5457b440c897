package results

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
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

	oldUnits, newUnits spellings
	metrics            map[string]Metric // of other tools' benchmarks, by unit
}

// Across compares the rows of equal name in two runs. They are not paired. Rows that only
// one run has, or that failed in one, come last. If the machines differ, the comparisons
// come with an ErrMachines that says how.
func Across(old, new *Run, o Options) ([]Comparison, error) {
	x := across{
		old: old, new: new, o: o.filled(), notes: []string{Apart}, metrics: map[string]Metric{},
		oldUnits: newSpellings(old.Units()), newUnits: newSpellings(new.Units()),
	}
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
	x.notes = slices.Clip(x.notes) // the rows share them
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
	values := map[string]string{}
	for _, k := range new {
		values[k.Key] = k.Value
	}
	for _, k := range old {
		if value, ok := values[k.Key]; ok && value != "" && k.Value != "" && value != k.Value {
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
	keys, listed := slices.Clone(x.old.varying), map[string]bool{}
	for _, key := range keys {
		listed[key] = true
	}
	for _, key := range x.new.varying {
		if !listed[key] {
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
	olds, news := x.old.groups(), x.new.groups()
	separate(olds, keys)
	separate(news, keys)
	before := map[string]int{} // places in olds
	for i, r := range olds {
		before[r.Side+" "+r.Name()] = i
	}
	failedOld, failedNew := sync.OnceValue(x.old.failures), sync.OnceValue(x.new.failures)
	var out, alone []Comparison
	seen := make([]bool, len(olds))
	for _, r := range news {
		name := r.Name()
		at, ok := before[r.Side+" "+name]
		if ok {
			seen[at] = true
		}
		switch {
		case second(r):
		case !ok:
			alone = append(alone, lone(r, New, failedOld()))
		case !olds[at].Passed() || !r.Passed():
			alone = append(alone, broken(olds[at], r))
		default:
			both, one := x.pair(name, olds[at], r)
			out, alone = append(out, both...), append(alone, one...)
		}
	}
	for i, r := range olds {
		if !seen[i] && !second(r) {
			alone = append(alone, lone(r, Gone, failedNew()))
		}
	}
	if x.o.Unit == "" { // as benchstat: one unit after the other
		out = sortedBy(out, func(c *Comparison) int {
			if at, ok := x.newUnits.place[c.Unit]; ok {
				return at
			}
			return -1
		})
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
func (x across) pair(name string, old, new Row) (both, alone []Comparison) {
	for _, unit := range x.units(old, new) {
		c, ok := x.inUnit(name, old, new, unit)
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
// Others are compared by all units that they have: those of the new run first.
func (x across) units(old, new Row) []string {
	switch {
	case x.o.Unit != "":
		return []string{x.o.Unit}
	case new.Own():
		return []string{x.o.metric(x.info(new), new.Cell).Unit}
	}
	units := new.units()
	for _, unit := range old.units() {
		if spelt, ok := x.newUnits.find(unit); ok {
			unit = spelt
		}
		units = append(units, unit)
	}
	place := func(unit string) int {
		if at, ok := x.newUnits.place[unit]; ok {
			return at
		}
		return len(x.newUnits.place) + x.oldUnits.place[unit]
	}
	slices.SortFunc(units, func(a, b string) int { return place(a) - place(b) })
	return slices.Compact(units)
}

// info returns the tables that know the row's workload. Those of an old run may not.
func (x across) info(r Row) *Info {
	if _, known := x.new.Info.Work(r.Contract, r.Work); known || !r.Own() {
		return &x.new.Info
	}
	return &x.old.Info
}

// metric returns what a row is compared by in a unit.
func (x across) metric(r Row, unit string) Metric {
	m, ok := x.metrics[unit]
	if ok && !r.Own() {
		return m
	}
	m = x.info(r).Metric(r.Contract, r.Work, unit)
	if m.Better == Neither {
		m.Better = x.old.Info.Metric(r.Contract, r.Work, unit).Better
	}
	if !r.Own() {
		x.metrics[unit] = m
	}
	return m
}

func (x across) inUnit(name string, old, new Row, unit string) (c Comparison, ok bool) {
	exact := x.new.Info.said(unit).exact || x.old.Info.said(unit).exact
	before, after := x.oldUnits.of(old, unit), x.newUnits.of(new, unit)
	had, has := before.any(), after.any()
	switch {
	case !had && !has:
		return c, false
	case !has:
		return Comparison{Name: name, Old: "old", Unit: unit, Outcome: Gone, Reason: "no " + unit + " in the new"}, true
	case !had:
		return Comparison{Name: name, New: "new", Unit: unit, Outcome: New, Reason: "no " + unit + " in the old"}, true
	}
	c = contrast{name, x.metric(new, unit), exact, false, x.o}.compare(before, after)
	c.Old, c.New = "old", "new"
	if new.Side != "" {
		c.Old, c.New = "old "+new.Side, "new "+new.Side
	}
	if len(c.Warnings) == 0 {
		c.Warnings = x.notes
	} else {
		c.Warnings = append(c.Warnings, x.notes...)
	}
	return c, true
}

// of returns the values of a row in a unit, which its file may spell otherwise.
func (s spellings) of(r Row, unit string) series {
	spelt, ok := s.find(unit)
	if !ok {
		spelt = unit
	}
	return series{r, spelt, unit}
}

// lone is the row of a benchmark that only one run has. The other one may say that it
// failed there.
func lone(r Row, outcome Outcome, failures map[string]firstFailure) Comparison {
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
	if text, ok := r.failed(failures); ok {
		c.Reason += "; the other says " + text
	}
	return c
}

// A firstFailure is what go test says of a benchmark that failed.
type firstFailure struct {
	text string
	at   int // among the problems of its run
}

// failures returns the first failure of each benchmark, by its name.
func (r *Run) failures() map[string]firstFailure {
	first := map[string]firstFailure{}
	for at, p := range r.Problems {
		name := strings.TrimPrefix(p.Bench, "Benchmark")
		if _, ok := first[name]; !ok && p.Failure && p.Bench != "" {
			first[name] = firstFailure{p.Text, at}
		}
	}
	return first
}

// failed returns the first of the failures that go test may mean the row by: with or
// without GOMAXPROCS, or as the function that a stack trace shows.
func (c Cell) failed(failures map[string]firstFailure) (text string, ok bool) {
	written := string(c.appendParts(nil, true))
	if !c.Own() {
		written = c.from.bench
	}
	best := firstFailure{at: math.MaxInt}
	for end := 0; end <= len(written) && len(failures) > 0; end++ {
		if end < len(written) && written[end] != '-' && written[end] != '/' {
			continue
		}
		if f, has := failures[written[:end]]; has && f.at < best.at {
			best, ok = f, true
		}
	}
	return best.text, ok
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
