package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/contendbench/contend/results"
)

// maxBars is how many rows a chart of named intervals holds.
const maxBars = 60

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
	left, right := edges(bars)
	for i, b := range bars {
		y := float64(n - 1 - i)
		ticks = append(ticks, plot.Tick{Value: y, Label: b.name})
		if math.IsNaN(b.mid) || math.IsNaN(b.low) || math.IsNaN(b.high) { // its name says why
			continue
		}
		c.beyond(b, left, right, y)
		b.mid, b.low, b.high = clamp(b.mid, left, right), clamp(b.low, left, right), clamp(b.high, left, right)
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

// edges returns the range of the bars' finite ends, with room for marks of the others.
func edges(bars []bar) (left, right float64) {
	left, right = math.Inf(1), math.Inf(-1)
	for _, b := range bars {
		for _, v := range []float64{b.mid, b.low, b.high} {
			if !math.IsInf(v, 0) && !math.IsNaN(v) {
				left, right = min(left, v), max(right, v)
			}
		}
	}
	if left > right { // there is none
		return 0, 1
	}
	room := max(0.2, (right-left)/10)
	return left - room, right + room
}

func clamp(v, low, high float64) float64 { return min(max(v, low), high) }

// beyond marks a bar that reaches beyond a logarithmic axis, to 0 or to infinity.
func (c *Chart) beyond(b bar, left, right, y float64) {
	for _, end := range []struct {
		at    float64
		glyph draw.GlyphDrawer
		is    bool
	}{
		{left, arrow(-1), math.IsInf(b.mid, -1) || math.IsInf(b.low, -1)},
		{right, arrow(1), math.IsInf(b.mid, 1) || math.IsInf(b.high, 1)},
	} {
		if !end.is {
			continue
		}
		if d, err := plotter.NewScatter(plotter.XYs{{X: end.at, Y: y}}); err == nil {
			d.GlyphStyle = draw.GlyphStyle{Color: ink, Radius: 4, Shape: end.glyph}
			c.plot.Add(d)
		}
	}
}

// arrow is a triangle that points to the left (-1) or to the right (1).
type arrow float64

// DrawGlyph draws the triangle.
func (a arrow) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	r, way := sty.Radius, vg.Length(a)
	c.FillPolygon(sty.Color, []vg.Point{
		{X: at.X + way*r, Y: at.Y}, {X: at.X - way*r, Y: at.Y + r}, {X: at.X - way*r, Y: at.Y - r},
	})
}

// bars shows rows side by side by the metric that ranks them, the best first. They are
// all implementations at one point, or all points if none has two implementations.
func (s section) bars(rows []results.Row, where string) Chart {
	axis := scaleOf(rows, s.rank.Unit)
	bars, notes := s.barsOf(rows, axis)
	if len(bars) == 0 || len(bars) == 1 && !s.lone {
		return Chart{}
	}
	if len(bars) > maxBars {
		notes += fmt.Sprintf(" Of %d rows, the best %d are drawn.", len(bars), maxBars)
		bars = bars[:maxBars]
	}
	kind, title := "time", "time of a turn"
	if !s.byTime() || s.foreign() {
		kind, title = s.rank.Unit, s.rank.Unit
	}
	c := Chart{
		Name:  fileName(s.contract, s.work, kind, where),
		Title: fmt.Sprintf("%s: %s%s", s.title(), title, at(where)),
		Caption: figureOf(rows, s.rank.Unit) + ", with its 95 % interval; " +
			better(s.rank, "further left", "further right") + ".",
		plot: newPlot(s.axisOf(s.rank, maxLabelX, axis), ""),
	}
	c.Caption += notes + few(rows, s.rank.Unit) + s.turn() + failed(rows)
	c.grid()
	c.plot.X.Tick.Marker = axis.ticks(s.rank.Unit)
	c.intervals(bars)
	return c
}

// barsOf returns the bars of rows, the best first, and what the caption must say of them.
func (s section) barsOf(rows []results.Row, axis scale) (bars []bar, notes string) {
	zeros := 0
	for _, r := range rows {
		v := r.Estimate(s.rank.Unit)
		few := ""
		if s.byTime() {
			few = r.FewTurns()
		}
		if v.N == 0 && few == "" {
			continue
		}
		name := r.Impl
		switch {
		case !r.Own():
			name = r.Name()
		case s.lone:
			name += at(s.where(r.Cell))
		}
		look := s.looks[r.Impl]
		name += at(few)
		if len(look.lacks) > 0 {
			name += ", not " + strings.Join(look.lacks, ", ")
			notes = " Dotted: the row does not make the listed promises of the baseline."
		}
		if v.N == 0 { // no turn finished: a turn takes longer than any other row's
			end := math.Inf(1)
			bars = append(bars, bar{name, end, end, end, look})
			continue
		}
		if axis.zero(v.Low) { // intervals marks it
			zeros++
			name += zeroName(v)
		}
		bars = append(bars, bar{name, axis.place(v.Median), axis.place(v.Low), axis.place(v.High), look})
	}
	slices.SortStableFunc(bars, func(a, b bar) int {
		if s.rank.Better == results.Higher {
			return sign(b.mid - a.mid)
		}
		return sign(a.mid - b.mid)
	})
	if zeros > 0 {
		notes += fmt.Sprintf(" Rows with values of 0, which a logarithmic axis has no place for: %d. "+
			"A triangle at the left edge marks them.", zeros)
	}
	return bars, notes
}

// zeroName says in a bar's name where its values reach 0.
func zeroName(v results.Sample) string {
	if v.Median <= 0 {
		return fmt.Sprintf(" (median %.3g)", v.Median)
	}
	return fmt.Sprintf(" (down to %.3g)", v.Low)
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
