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
	order := map[string]int{} // of rivals
	rows := run.groups()
	var rest []string // rows without the key
	for i := range rows {
		r := &rows[i]
		value, ok := r.keyed(key)
		if !ok || r.Own() {
			rest = append(rest, r.Name())
			continue
		}
		r.Cell = r.against(key).With(value)
		if _, known := order[value]; !known {
			order[value] = len(order)
		}
	}
	if key == "/side" && run.sided() {
		order = map[string]int{Base: 0, Head: 1}
	}
	var out []Comparison
	for _, point := range byPoint(rows, order) {
		for _, unit := range o.units(point) {
			out = append(out, run.contend(point, order, unit, o)...)
		}
	}
	if o.Unit == "" { // as benchstat: one unit after the other
		places := newSpellings(run.Units()).place
		out = sortedBy(out, func(c *Comparison) int { return places[c.Unit] })
	}
	Adjust(out, o)
	out = sortedBy(out, func(c *Comparison) int { // those without a rival come last
		if c.Alone() {
			return 1
		}
		return 0
	})
	if len(rest) > 0 && len(out) > 0 {
		out[0].Warnings = append(out[0].Warnings, fmt.Sprintf("not compared, since they have no %s: %s",
			key, strings.Join(rest, ", ")))
	}
	return out, nil
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
	for c := range r.Cells() {
		if side, ok := find(c.Params, "side"); ok {
			seen[side] = true
		}
	}
	return len(seen) == 2 && seen["base"] && seen["head"]
}

// byPoint returns the rows that are comparable together, those of each point in the order
// of the rivals.
func byPoint(rows []Row, order map[string]int) [][]Row {
	var points [][]Row
	index := map[string]int{}
	for _, row := range rows {
		if row.from == nil || row.from.rivals == "" {
			continue
		}
		name := row.Point()
		i, ok := index[name]
		if !ok {
			i = len(points)
			index[name] = i
			points = append(points, nil)
		}
		points[i] = append(points[i], row)
	}
	for _, point := range points {
		slices.SortStableFunc(point, func(a, b Row) int { return order[a.Impl] - order[b.Impl] })
	}
	return points
}

// units returns what the rows of a point are compared by: the unit that was asked for, or
// all that they have.
func (o Options) units(rows []Row) []string {
	if o.Unit != "" {
		return []string{o.Unit}
	}
	var units []string
	for _, row := range rows {
		units = append(units, row.units()...)
	}
	slices.Sort(units)
	return slices.Compact(units)
}

// contend compares the rows of a point that have a unit with the first rival among them.
func (r *Run) contend(point []Row, order map[string]int, unit string, o Options) []Comparison {
	name, first := point[0].Point(), -1
	var base series
	var out []Comparison
	for i, row := range point {
		next := row.in(unit)
		if !next.any() {
			continue
		}
		if first < 0 {
			first, base = i, next
			continue
		}
		m := r.Info.Metric(row.Contract, "", unit)
		k := contrast{name, m, r.Info.said(unit).exact, alternate(point[first], row), o}
		c := k.compare(base, next)
		c.Old, c.New = point[first].Impl, row.Impl
		if !c.Paired && !c.Exact && !k.pairs {
			c.Warnings = append(c.Warnings, Drift)
		}
		out = append(out, c)
	}
	if first < 0 || len(out) > 0 {
		return out
	}
	c := Comparison{Name: name, Unit: unit, Old: point[first].Impl, Outcome: Gone, Reason: "no rival has it"}
	if order[c.Old] > 0 {
		c.Old, c.New, c.Outcome = "", c.Old, New
	}
	return []Comparison{c}
}

// alternate reports whether the lines of two rows come in turns: one of each in every
// pair of lines.
func alternate(old, new Row) bool {
	a, b := old.places(), new.places()
	if len(a) != len(b) || len(a) < 2 {
		return false
	}
	for i := range a {
		low, high := min(a[i], b[i]), max(a[i], b[i])
		if i > 0 && low < max(a[i-1], b[i-1]) || high < low {
			return false
		}
	}
	return true
}

// places returns where the row's results are among those of the file.
func (r Row) places() []int {
	var places []int
	if r.packed != nil {
		for _, at := range r.packed.places {
			places = append(places, int(at))
		}
	}
	for _, t := range r.Good {
		places = append(places, t.line)
	}
	return places
}
