package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Tally counts rows by their outcome.
type Tally struct {
	Different, Worse, Better, Equivalent, Inconclusive int
	Gone, New, Broken                                  []string // names

	old, new string // what the sides are called, where rows lack one: the old
}

// Count counts rows. A row that is different and neither worse nor better has a unit
// without a direction.
func Count(rows []Comparison) Tally {
	t := Tally{old: "the old", new: "the new"}
	for _, r := range rows {
		switch r.Outcome {
		case Different:
			t.Different++
		case Equivalent:
			t.Equivalent++
		case Gone:
			t.Gone, t.old = append(t.Gone, r.label()), side(r.Old)
		case New:
			t.New, t.new = append(t.New, r.label()), side(r.New)
		case Broken:
			t.Broken = append(t.Broken, r.label())
		default:
			t.Inconclusive++
		}
		if r.Regression() {
			t.Worse++
		}
		if r.Improvement() {
			t.Better++
		}
	}
	return t
}

// side is what a sentence calls a side. Rivals of a file have names of their own.
func side(name string) string {
	switch name {
	case "old", "new", "base", "head":
		return "the " + name
	}
	return "one rival"
}

// label names a row without numbers: with its implementation or unit, if it has one.
func (c Comparison) label() string {
	rival := c.Old + c.New
	switch {
	case c.Outcome != Broken && side(rival) == "one rival":
		return c.Name + " " + c.Unit + " (" + rival + ")"
	case c.Unit != "":
		return c.Name + " " + c.Unit
	case c.Outcome == Broken && c.New != "" && c.New != "new" && c.New != "head":
		return c.Name + " " + c.New
	}
	return c.Name
}

// maxNamed is how many rows of a kind a tally names. The table has all of them.
const maxNamed = 20

// String is the tally in a line.
func (t Tally) String() string {
	text := fmt.Sprintf("%d different (%d worse, %d better); %d equivalent; %d inconclusive",
		t.Different, t.Worse, t.Better, t.Equivalent, t.Inconclusive)
	for _, list := range []struct {
		what  string
		names []string
	}{{"only in " + t.old, t.Gone}, {"only in " + t.new, t.New}, {"failed", t.Broken}} {
		if len(list.names) > 0 {
			shown := list.names[:min(len(list.names), maxNamed)]
			text += fmt.Sprintf("; %d %s: %s", len(list.names), list.what, strings.Join(shown, ", "))
			if n := len(list.names) - len(shown); n > 0 {
				text += fmt.Sprintf(" and %d more", n)
			}
		}
	}
	return text
}

const (
	minCommon = 4    // rows that can have a common factor
	bandwidth = 0.05 // how far a ratio may lie from it
)

// A Common is a factor by which all rows of a unit moved.
type Common struct {
	Unit   string
	Factor float64
	Rows   int
	Paired bool // the first of the rows is
}

// CommonFactors returns the factors of the units whose rows all moved by about the same.
// A slower machine does that, as a change of one benchmark does not.
func CommonFactors(rows []Comparison, o Options) []Common {
	o = o.filled()
	ratios, paired := map[string][]float64{}, map[string]bool{}
	void := map[string]bool{} // units with a row without a ratio
	var order []string
	for _, r := range rows {
		if r.Alone() {
			continue
		}
		if _, known := paired[r.Unit]; !known {
			paired[r.Unit] = r.Paired
			order = append(order, r.Unit)
		}
		void[r.Unit] = void[r.Unit] || !r.HasRatio() || r.Ratio <= 0
		ratios[r.Unit] = append(ratios[r.Unit], r.Ratio)
	}
	var out []Common
	for _, unit := range order {
		factor, all := Median(ratios[unit]), ratios[unit]
		if void[unit] || len(all) < minCommon || math.Abs(factor-1) <= o.Margin {
			continue
		}
		if !slices.ContainsFunc(all, func(r float64) bool { return math.Abs(r/factor-1) > bandwidth }) {
			out = append(out, Common{unit, factor, len(all), paired[unit]})
		}
	}
	return out
}
