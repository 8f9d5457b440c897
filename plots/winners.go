package plots

import (
	"fmt"
	"image/color"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/contendbench/contend/results"
)

const (
	maxMaps = 6  // of a workload
	maxSide = 12 // fields along a side of a map
)

// winners maps the winners over each of the workload's planes, with a map for each setting
// of the other parameters.
func (s section) winners(m material) iter.Seq[Chart] {
	var all []iter.Seq[Chart]
	for _, p := range s.info.Planes {
		all = append(all, s.winnersOver(p[0], p[1], m))
	}
	return inTurns(all)
}

func (s section) winnersOver(x, y string, m material) iter.Seq[Chart] {
	return func(yield func(Chart) bool) {
		if x == "" || y == "" || x == y {
			return
		}
		grids, note := s.grids(x, y, m)
		note += failed(s.rows)
		colours := winnerColours(grids, s.looks)
		for _, g := range grids {
			if !yield(s.winnerMap(g, colours, note)) {
				return
			}
		}
	}
}

// grids returns the grids that have a map, and a note on settings that have none.
func (s section) grids(x, y string, m material) (grids []grid, note string) {
	lines := 0
	for _, rows := range s.by(func(r results.Row) string { return s.where(r.Cell, x, y) }) {
		switch g := newGrid(rows, x, y, m); {
		case len(g.xs) < 2 || len(g.ys) < 2:
			lines++
		case g.contested():
			grids = append(grids, g)
		}
	}
	if n := len(grids); n > maxMaps {
		note += fmt.Sprintf(" There are maps for %d settings of the other parameters; %d are drawn.", n, maxMaps)
		grids = grids[:maxMaps]
	}
	if lines > 0 {
		note += " Other settings were measured along one line only, and have no map."
	}
	return grids, note
}

// winnerMap draws a grid. Each point is a field in the colour of its winner.
func (s section) winnerMap(g grid, colours map[string]color.Color, note string) Chart {
	where := s.where(g.rows[0].Cell, g.x, g.y)
	by := ""
	if !s.byTime() {
		by = " by " + s.rank.Unit
	}
	c := Chart{
		Name:  fileName(s.contract, s.work, s.mapKind(g), where),
		Title: fmt.Sprintf("%s: who wins%s over %s and %s%s", s.title(), by, g.x, g.y, at(where)),
		plot:  newPlot(g.x, g.y),
	}
	b := board{xs: g.xs[:min(len(g.xs), maxSide)], ys: g.ys[:min(len(g.ys), maxSide)]}
	void, missing := 0, 0
	for _, y := range b.ys {
		var line []field
		for _, x := range b.xs {
			var f field
			switch v, ok := g.at[[2]string{x, y}]; {
			case v != nil:
				f = s.newField(*v)
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
		c.swatch("not distinguished", field{colour: grey, tied: 2})
	}
	c.Caption = s.mapCaption(g) + whiteFields(void, missing) + cutOff(g, b) + note
	return c
}

// mapKind names a map's kind for its file, with its plane if there are several.
func (s section) mapKind(g grid) string {
	if len(s.info.Planes) < 2 {
		return "winners"
	}
	return "winners-" + g.x + "-" + g.y
}

// mapCaption explains what the fields say.
func (s section) mapCaption(g grid) string {
	winner, gain := "the fastest implementation there", "2× is twice as fast as "
	if !s.byTime() {
		winner = "the implementation with the best " + s.rank.Unit + " there"
		gain = "2× is better by a factor of 2 than "
	}
	base := s.baseline
	if base == "" {
		base = "the baseline"
	}
	return fmt.Sprintf("A field names %s. %s%s%s, or as the next one where %s wins. "+
		"Hatched, ≈n: this run cannot distinguish n of them; the best of them is named.%s",
		winner, g.excluded(), gain, base, base, g.unclear())
}

// leader returns the winner of a point, or the best row if none may win.
func leader(v results.Verdict) string {
	if len(v.Best) > 0 {
		return v.Best[0]
	}
	i := slices.IndexFunc(v.Rows, func(r results.RowVerdict) bool { return !r.Control })
	return v.Rows[i].Impl // no verdict is without a contender
}

// newField says what wins a point, and by how much if that is certain.
func (s section) newField(v results.Verdict) field {
	f := field{winner: leader(v), tied: len(v.Best)}
	other, mark := -1, ""
	for i, r := range v.Rows {
		switch {
		case r.Control || r.Impl == f.winner || r.Outcome != results.Different || math.IsNaN(r.Ratio):
		case r.Impl == s.baseline:
			other, mark = i, ""
		case other < 0 && f.winner == s.baseline && f.tied == 1 && r.Out == "":
			other, mark = i, " next"
		}
	}
	if other >= 0 {
		gain := v.Rows[other].Ratio
		if s.rank.Better == results.Higher {
			gain = 1 / gain
		}
		f.note = times(gain) + mark
	}
	if f.tied > 1 {
		f.note = strings.TrimSpace(fmt.Sprintf("%s ≈%d", f.note, f.tied))
	}
	if v.Unclear != "" && len(v.Best) < 2 { // nothing is known to win: the field has the best median
		f.note, f.tied = "?", 2
	}
	return f
}

// times writes a ratio: 1.25×, 38×.
func times(ratio float64) string {
	if ratio < 9.995 {
		return fmt.Sprintf("%.2f×", ratio)
	}
	return rate(math.Round(ratio)) + "×"
}

// whiteFields explains the fields without numbers.
func whiteFields(void, missing int) string {
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
	return fmt.Sprintf(" Of %d by %d fields, the first %d by %d are drawn.",
		len(g.xs), len(g.ys), len(b.xs), len(b.ys))
}

// winnerColours gives every implementation that wins on some grid its own colour. That is
// the colour of its curves, unless another winner has it.
func winnerColours(grids []grid, looks map[string]style) map[string]color.Color {
	wins := map[string]bool{}
	var rows []results.Row
	for _, g := range grids {
		rows = append(rows, g.rows...)
		for _, v := range g.at {
			if v != nil {
				wins[leader(*v)] = true
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
			out[name] = grey // the field still has the name
		} else {
			take(name, free[0])
		}
	}
	return out
}
