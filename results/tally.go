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

// CommonFactor returns the factor by which all rows of a unit moved, if they moved by
// about the same. A slower machine does that, as a change of one benchmark does not. The
// interval of each row has the factor in it, no row is level, and most are different.
func CommonFactor(rows []Comparison, unit string, o Options) (factor float64, n int, ok bool) {
	o = o.filled()
	var moved []Comparison
	var ratios []float64
	different := 0
	for _, r := range rows {
		if r.Unit != unit || r.Alone() {
			continue
		}
		if !r.HasRatio() || r.Ratio <= 0 || r.Outcome == Equivalent || r.N < o.MinPairs {
			return 0, 0, false
		}
		if r.Outcome == Different {
			different++
		}
		moved, ratios = append(moved, r), append(ratios, r.Ratio)
	}
	if len(moved) < minCommon || 2*different <= len(moved) {
		return 0, 0, false
	}
	factor = Median(ratios)
	if math.Abs(factor-1) <= o.Margin {
		return 0, 0, false
	}
	apart := slices.ContainsFunc(moved, func(r Comparison) bool {
		return math.Abs(r.Ratio/factor-1) > bandwidth || r.Low > factor || r.High < factor
	})
	return factor, len(moved), !apart
}
