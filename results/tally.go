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
	Gone, New, Broken, Absent                          []string // names

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
		case Absent:
			t.Absent = append(t.Absent, r.Name+" "+r.Unit)
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
	rival := c.Old
	if c.Outcome == New {
		rival = c.New
	}
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
	}{{"only in " + t.old, t.Gone}, {"only in " + t.new, t.New}, {"failed", t.Broken}, {"without values", t.Absent}} {
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
// A slower machine does that, as a change of one benchmark does not. The interval of each
// row has the factor in it, no row is level, and most are different.
func CommonFactors(rows []Comparison, o Options) []Common {
	o = o.filled()
	byUnit := map[string][]*Comparison{}
	var order []string
	for i := range rows {
		r := &rows[i]
		if r.Alone() {
			continue
		}
		if byUnit[r.Unit] == nil {
			order = append(order, r.Unit)
		}
		byUnit[r.Unit] = append(byUnit[r.Unit], r)
	}
	var out []Common
	for _, unit := range order {
		moved := byUnit[unit]
		if factor, ok := commonFactor(moved, o); ok {
			out = append(out, Common{unit, factor, len(moved), moved[0].Paired})
		}
	}
	return out
}

func commonFactor(moved []*Comparison, o Options) (factor float64, ok bool) {
	var ratios []float64
	different := 0
	for _, r := range moved {
		if !r.HasRatio() || r.Ratio <= 0 || r.Outcome == Equivalent || r.N < o.MinPairs {
			return 0, false
		}
		if r.Outcome == Different {
			different++
		}
		ratios = append(ratios, r.Ratio)
	}
	if len(moved) < minCommon || 2*different <= len(moved) {
		return 0, false
	}
	factor = Median(ratios)
	if math.Abs(factor-1) <= o.Margin {
		return 0, false
	}
	apart := slices.ContainsFunc(moved, func(r *Comparison) bool {
		return math.Abs(r.Ratio/factor-1) > bandwidth || r.Low > factor || r.High < factor
	})
	return factor, !apart
}
