package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/contendbench/contend/results"
)

const (
	mostMaps = 6  // of a workload
	mostSide = 12 // fields along a side of a map
)

// winners maps who wins where over the workload's plane, a map for each setting of the other parameters.
func (s section) winners(m material) iter.Seq[Chart] {
	return func(yield func(Chart) bool) {
		x, y := s.info.Plane[0], s.info.Plane[1]
		if x == "" || y == "" || x == y {
			return
		}
		var grids []grid
		lines := 0
		for _, rows := range s.by(func(r results.Row) string { return s.where(r.Cell, x, y) }) {
			switch g := newGrid(rows, x, y, m); {
			case len(g.xs) < 2 || len(g.ys) < 2:
				lines++
			case g.contested():
				grids = append(grids, g)
			}
		}
		note := ""
		if n := len(grids); n > mostMaps {
			note += fmt.Sprintf(" Of the maps of %d settings of the others, %d are drawn.", n, mostMaps)
			grids = grids[:mostMaps]
		}
		if lines > 0 {
			note += " Other settings were measured along one line only, and have no map."
		}
		note += failed(s.rows)
		colours := winnerColours(grids, m.looks[s.contract])
		for _, g := range grids {
			if !yield(s.winnerMap(g, colours, m.run.Info.Baseline[s.contract], note)) {
				return
			}
		}
	}
}

// winnerMap draws a grid: a field a point, in the colour of who wins there.
func (s section) winnerMap(g grid, colours map[string]color.Color, baseline, note string) Chart {
	where := s.where(g.rows[0].Cell, g.x, g.y)
	c := Chart{
		Name:  fileName(s.contract, s.work, "winners", where),
		Title: fmt.Sprintf("%s: who wins over %s and %s%s", s.title(), g.x, g.y, at(where)),
		plot:  newPlot(g.x, g.y),
	}
	b := board{xs: g.xs[:min(len(g.xs), mostSide)], ys: g.ys[:min(len(g.ys), mostSide)]}
	void, missing := 0, 0
	for _, y := range b.ys {
		var line []field
		for _, x := range b.xs {
			var f field
			switch v, ok := g.at[[2]string{x, y}]; {
			case v != nil:
				f = newField(*v, baseline)
				f.colour = colours[f.winner]
			case ok:
				void++
			default:
				missing++
			}
			line = append(line, f)
		}
		b.fields = append(b.fields, line)
	}
	c.board(b)
	for _, name := range implsOf(g.rows) {
		if b.shows(func(f field) bool { return f.winner == name }) {
			c.swatch(name, field{colour: colours[name]})
		}
	}
	if b.shows(func(f field) bool { return f.tied > 1 }) {
		c.swatch("not told apart", field{colour: grey, tied: 2})
	}
	c.Caption = fmt.Sprintf("A field names the fastest there, of those that starve nobody; 2× is twice as fast as %s, or as the next one where that wins. "+
		"Hatched, ≈n: this run does not tell n of them apart, of which the fastest is named.", baseline)
	c.Caption += white(void, missing) + cutOff(g, b) + note
	return c
}

// newField says who wins a point, and by how much where that is certain.
func newField(v results.Verdict, baseline string) field {
	f := field{winner: v.Best[0], tied: len(v.Best)}
	beside, mark := -1, ""
	for i, r := range v.Rows {
		switch {
		case r.Control || r.Impl == f.winner || r.Outcome != results.Different:
		case r.Impl == baseline:
			beside, mark = i, ""
		case beside < 0 && f.winner == baseline && f.tied == 1 && r.Starves == "":
			beside, mark = i, " next"
		}
	}
	if beside >= 0 {
		f.note = times(v.Rows[beside].Ratio) + mark
	}
	if f.tied > 1 {
		f.note = strings.TrimSpace(fmt.Sprintf("%s ≈%d", f.note, f.tied))
	}
	return f
}

// times names a ratio: 1.25×, 38×.
func times(ratio float64) string {
	if ratio < 9.995 {
		return fmt.Sprintf("%.2f×", ratio)
	}
	return rate(math.Round(ratio)) + "×"
}

// white explains the fields without numbers.
func white(void, missing int) string {
	var parts []string
	if void > 0 {
		parts = append(parts, fmt.Sprintf("%d where no row has numbers", void))
	}
	if missing > 0 {
		parts = append(parts, fmt.Sprintf("%d not measured", missing))
	}
	if len(parts) == 0 {
		return ""
	}
	return " White fields: " + strings.Join(parts, ", ") + "."
}

func cutOff(g grid, b board) string {
	if len(g.xs) == len(b.xs) && len(g.ys) == len(b.ys) {
		return ""
	}
	return fmt.Sprintf(" Of %d by %d fields, the first %d by %d are drawn.", len(g.xs), len(g.ys), len(b.xs), len(b.ys))
}

// A grid is the points of a plane at one setting of the other parameters.
type grid struct {
	x, y   string
	xs, ys []string // values in their order
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

// ordered sorts values, numbers as numbers, and drops what stands twice.
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

// contested reports whether two contenders meet anywhere.
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

// winnerColours gives everybody who wins on some grid a colour of his own: that of his curves, but where another winner
// has it.
func winnerColours(grids []grid, looks map[string]style) map[string]color.Color {
	wins := map[string]bool{}
	var rows []results.Row
	for _, g := range grids {
		rows = append(rows, g.rows...)
		for _, v := range g.at {
			if v != nil {
				wins[v.Best[0]] = true
			}
		}
	}
	out := map[string]color.Color{}
	free := slices.Clone(fills)
	take := func(name string, c color.Color) bool {
		i := slices.Index(free, c)
		if i >= 0 {
			out[name], free = c, slices.Delete(free, i, i+1)
		}
		return i >= 0
	}
	var rest []string
	for _, name := range implsOf(rows) {
		if wins[name] && !take(name, looks[name].line.Color) {
			rest = append(rest, name)
		}
	}
	for _, name := range rest {
		if len(free) == 0 {
			out[name] = grey // the field names him all the same
		} else {
			take(name, free[0])
		}
	}
	return out
}
