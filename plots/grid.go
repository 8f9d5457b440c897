package plots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/contendbench/contend/results"
)

// A grid is the points of a plane at one setting of the other parameters.
type grid struct {
	x, y   string
	xs, ys []string // values in ascending order
	rows   []results.Row
	at     map[[2]string]*results.Verdict // by x and y; nil where no row has numbers
}

func newGrid(rows []results.Row, x, y string, m material) grid {
	g := grid{x: x, y: y, rows: rows, at: map[[2]string]*results.Verdict{}}
	for _, r := range rows {
		a, okX := r.Get(x)
		b, okY := r.Get(y)
		if !okX || !okY {
			continue
		}
		g.xs, g.ys = append(g.xs, a), append(g.ys, b)
		g.at[[2]string{a, b}] = m.verdicts[r.Point()]
	}
	g.xs, g.ys = ordered(g.xs), ordered(g.ys)
	return g
}

// ordered sorts values, comparing numbers as numbers, and drops duplicates.
func ordered(values []string) []string {
	slices.SortFunc(values, func(a, b string) int {
		x, errX := strconv.ParseFloat(a, 64)
		y, errY := strconv.ParseFloat(b, 64)
		if errX == nil && errY == nil {
			return cmp.Or(cmp.Compare(x, y), strings.Compare(a, b))
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(values)
}

// contested reports whether any point has two contenders.
func (g grid) contested() bool {
	for _, v := range g.at {
		if v == nil {
			continue
		}
		n := 0
		for _, r := range v.Rows {
			if !r.Control {
				n++
			}
		}
		if n > 1 {
			return true
		}
	}
	return false
}

// excluded says which rows a field does not name, as far as that was measured.
func (g grid) excluded() string {
	fields, fair, outs := 0, 0, 0
	for _, v := range g.at {
		if v == nil {
			continue
		}
		fields++
		if v.Measured.Fairness == v.Measured.Rows {
			fair++
		}
		for _, r := range v.Rows {
			if r.Out != "" {
				outs++
			}
		}
	}
	text := ""
	switch {
	case outs == 1:
		text = "One row cannot win, for the reason in the table. "
	case outs > 1:
		text = fmt.Sprintf("%d rows cannot win, for the reasons in the table. ", outs)
	}
	switch fair {
	case fields:
		return text
	case 0:
		return text + "Fairness was not measured. "
	}
	return text + fmt.Sprintf("Fairness was measured in %d of %d fields. ", fair, fields)
}

// unclear says why fields have no winner.
func (g grid) unclear() string {
	fields, count := 0, map[string]int{}
	for _, v := range g.at {
		if v == nil {
			continue
		}
		fields++
		if v.Unclear != "" {
			count[v.Unclear]++
		}
	}
	text := ""
	for _, why := range ordered(slices.Collect(maps.Keys(count))) {
		text += fmt.Sprintf(" No winner in %d of %d fields: %s.", count[why], fields, why)
	}
	return text
}
