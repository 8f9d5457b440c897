package results

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrNoRivals says that the rows of a run cannot be compared with each other.
var ErrNoRivals = errors.New("nothing in the file says what to compare with what")

// Drift is the note on rows whose lines do not alternate.
const Drift = "the lines of both sides do not alternate, so drift of the machine cannot be told from a change"

// Rivals compares the benchmarks of a file that contend did not write. Rivals differ in
// the value of a key, such as /impl of the name or pkg of the file. The one that the file
// has first is the baseline. Without a key, /impl is it, or /side if its values are base
// and head. Lines that alternate are paired.
func Rivals(run *Run, key string, o Options) ([]Comparison, error) {
	o = o.filled()
	key, err := run.rivalKey(key)
	if err != nil {
		return nil, err
	}
	var order []string // of rivals
	trials := slices.Clone(run.Trials)
	for i := range trials {
		t := &trials[i]
		value, ok := t.keyed(key)
		if !ok || t.Own() {
			continue
		}
		t.Cell = t.against(key).With(value)
		if !slices.Contains(order, value) {
			order = append(order, value)
		}
	}
	if key == "/side" && run.sided() {
		order = []string{"base", "head"}
	}
	var out []Comparison
	for _, unit := range o.units(run) {
		for _, rows := range byPoint(trials, unit) {
			out = append(out, run.contend(rows, order, unit, o)...)
		}
	}
	Adjust(out, o)
	slices.SortStableFunc(out, func(a, b Comparison) int { // those without a rival come last
		switch {
		case a.Alone() == b.Alone():
			return 0
		case a.Alone():
			return 1
		}
		return -1
	})
	if rest := without(trials); len(rest) > 0 && len(out) > 0 {
		out[0].Warnings = append(out[0].Warnings, fmt.Sprintf("not compared, since they have no %s: %s",
			key, strings.Join(rest, ", ")))
	}
	return out, nil
}

// without returns the names of the rows that lack the key of the rivals.
func without(trials []Trial) []string {
	var names []string
	for _, row := range Rows(trials) {
		if row.from == nil || row.from.rivals == "" {
			names = append(names, row.Name())
		}
	}
	return names
}

// rivalKey returns the key to compare by.
func (r *Run) rivalKey(key string) (string, error) {
	keys := r.keys()
	switch {
	case key == "" && slices.Contains(keys, "/impl"):
		return "/impl", nil
	case key == "" && r.sided():
		return "/side", nil
	case key != "" && slices.Contains(keys, key):
		return key, nil
	}
	var has string
	switch {
	case len(keys) == 0:
		has = "no key has two values in it; compare OLD NEW compares two files"
	default:
		has = fmt.Sprintf("--col KEY chooses a key; this file has %s", strings.Join(keys, ", "))
	}
	if key != "" {
		return "", fmt.Errorf("%w: %s has no two values of %q: %s", ErrNoRivals, r.Path, key, has)
	}
	return "", fmt.Errorf("%w: %s has no /impl= in its names: %s", ErrNoRivals, r.Path, has)
}

// sided reports whether the file has the two sides of a duet. A user's own side may have
// other values.
func (r *Run) sided() bool {
	seen := map[string]bool{}
	for _, t := range r.Trials {
		if side, ok := find(t.Params, "side"); ok {
			seen[side] = true
		}
	}
	return len(seen) == 2 && seen["base"] && seen["head"]
}

// units returns what to compare: the unit that was asked for, or all.
func (o Options) units(run *Run) []string {
	if o.Unit != "" {
		return []string{o.Unit}
	}
	return run.Units()
}

// byPoint returns the rows that have a unit, those that are comparable together.
func byPoint(trials []Trial, unit string) [][]Row {
	var points [][]Row
	index := map[string]int{}
	for _, row := range Rows(trials) {
		if row.from == nil || row.from.rivals == "" || len(row.Values(unit)) == 0 {
			continue
		}
		i, ok := index[row.Point()]
		if !ok {
			i = len(points)
			index[row.Point()] = i
			points = append(points, nil)
		}
		points[i] = append(points[i], row)
	}
	return points
}

// contend compares the rows of a point with the first rival among them.
func (r *Run) contend(rows []Row, order []string, unit string, o Options) []Comparison {
	place := func(row Row) int { return slices.Index(order, row.Impl) }
	slices.SortStableFunc(rows, func(a, b Row) int { return place(a) - place(b) })
	base := rows[0]
	if len(rows) == 1 {
		c := Comparison{Name: base.Point(), Unit: unit, Old: base.Impl, Outcome: Gone, Reason: "no rival has it"}
		if base.Impl != order[0] {
			c.Old, c.New, c.Outcome = "", base.Impl, New
		}
		return []Comparison{c}
	}
	var out []Comparison
	for _, row := range rows[1:] {
		m := r.Info.Metric(row.Contract, "", unit)
		k := contrast{row.Point(), m, r.Info.said(unit).Exact, alternate(base.Good, row.Good), o}
		c := k.compare(base.Good, row.Good)
		c.Old, c.New = base.Impl, row.Impl
		if !c.Paired && !c.Exact && !k.pairs {
			c.Warnings = append(c.Warnings, Drift)
		}
		out = append(out, c)
	}
	return out
}

// alternate reports whether the lines of two rows come in turns: one of each in every
// pair of lines.
func alternate(a, b []Trial) bool {
	if len(a) != len(b) || len(a) < 2 {
		return false
	}
	for i := range a {
		low, high := min(a[i].from.line, b[i].from.line), max(a[i].from.line, b[i].from.line)
		if i > 0 && low < max(a[i-1].from.line, b[i-1].from.line) || high < low {
			return false
		}
	}
	return true
}
