package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/contendbench/contend/results"
)

// mostBars is how many rows a chart of named intervals holds.
const mostBars = 60

// bar is one line of a chart of named intervals.
type bar struct {
	name           string
	mid, low, high float64
	style          style
}

// intervals draws named intervals below each other, the first on top.
func (c *Chart) intervals(bars []bar) {
	n := len(bars)
	var ticks []plot.Tick
	for i, b := range bars {
		y := float64(n - 1 - i)
		ticks = append(ticks, plot.Tick{Value: y, Label: b.name})
		if l, err := plotter.NewLine(plotter.XYs{{X: b.low, Y: y}, {X: b.high, Y: y}}); err == nil {
			l.LineStyle = b.style.line
			l.LineStyle.Width, l.LineStyle.Dashes = 2.5, nil
			if len(b.style.lacks) > 0 {
				l.LineStyle.Dashes = []vg.Length{2, 2}
			}
			c.plot.Add(l)
		}
		if d, err := plotter.NewScatter(plotter.XYs{{X: b.mid, Y: y}}); err == nil {
			d.GlyphStyle = b.style.glyph
			d.GlyphStyle.Radius = 3.5
			c.plot.Add(d)
		}
	}
	c.plot.Y.Tick.Marker = plot.ConstantTicks(ticks)
	c.plot.Y.Min, c.plot.Y.Max = -0.7, float64(n)-0.3
	c.plot.Y.LineStyle.Width = 0
	c.height = vg.Length(n)*13 + 60
	c.width = chartWidth
}

// bars shows rows side by side, the fastest first: all implementations at one point, or what there is at all points
// where none has two of them.
func (s section) bars(rows []results.Row, where string, looks map[string]style) Chart {
	var bars []bar
	less := ""
	for _, r := range rows {
		v := r.Sample("ns/op")
		if v.N == 0 || v.Low <= 0 {
			continue
		}
		name := r.Impl
		if s.lone {
			name += at(s.where(r.Cell))
		}
		look := looks[r.Impl]
		if len(look.lacks) > 0 {
			name += ", not " + strings.Join(look.lacks, ", ")
			less = " Dotted: the row does not promise what stands behind its name, and the baseline does."
		}
		bars = append(bars, bar{name, math.Log10(v.Median), math.Log10(v.Low), math.Log10(v.High), look})
	}
	if len(bars) == 0 || len(bars) == 1 && !s.lone {
		return Chart{}
	}
	slices.SortStableFunc(bars, func(a, b bar) int { return sign(a.mid - b.mid) })
	note := ""
	if len(bars) > mostBars {
		note = fmt.Sprintf(" Of %d rows, the %d fastest are drawn.", len(bars), mostBars)
		bars = bars[:mostBars]
	}
	c := Chart{
		Name:    fileName(s.contract, s.work, "time", where),
		Title:   fmt.Sprintf("%s: time of a turn%s", s.title(), at(where)),
		Caption: "Median over trials, with its 95 % interval; further left is faster." + less + s.turn() + note + failed(rows),
		plot:    newPlot("wall time divided by "+s.turns(), ""),
	}
	c.grid()
	c.plot.X.Tick.Marker = decades(duration)
	c.intervals(bars)
	return c
}

// turns names many of what a turn is; a name that does not take a plain s stands in the caption.
func (s section) turns() string {
	op := s.info.Op
	if op == "" || strings.Contains(op, " ") || strings.HasSuffix(op, "y") {
		return "turns"
	}
	return op + "s"
}

// turn says what a turn is where turns does not.
func (s section) turn() string {
	if s.info.Op == "" || s.turns() != "turns" {
		return ""
	}
	return " A turn is one " + s.info.Op + "."
}

func sign(v float64) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}
