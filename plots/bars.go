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

// bars shows rows side by side by the metric that ranks them, the best first. They are
// all implementations at one point, or all points if none has two implementations.
func (s section) bars(rows []results.Row, where string) Chart {
	bars, notes := s.barsOf(rows)
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
		Name:    fileName(s.contract, s.work, kind, where),
		Title:   fmt.Sprintf("%s: %s%s", s.title(), title, at(where)),
		Caption: "Median over trials, with its 95 % interval; " + better(s.rank, "further left", "further right") + ".",
		plot:    newPlot(s.axisLabel(s.rank, maxLabelX), ""),
	}
	c.Caption += notes + few(rows, s.rank.Unit) + s.turn() + failed(rows)
	c.grid()
	c.plot.X.Tick.Marker = decades(figures(s.rank.Unit))
	c.intervals(bars)
	return c
}

// barsOf returns the bars of rows, the best first, and what the caption must say of them.
func (s section) barsOf(rows []results.Row) (bars []bar, notes string) {
	zeros := 0
	for _, r := range rows {
		v := r.Sample(s.rank.Unit)
		if v.N == 0 {
			continue
		}
		if v.Low <= 0 {
			zeros++
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
		if len(look.lacks) > 0 {
			name += ", not " + strings.Join(look.lacks, ", ")
			notes = " Dotted: the row does not make the listed promises of the baseline."
		}
		bars = append(bars, bar{name, math.Log10(v.Median), math.Log10(v.Low), math.Log10(v.High), look})
	}
	slices.SortStableFunc(bars, func(a, b bar) int {
		if s.rank.Better == results.Higher {
			return sign(b.mid - a.mid)
		}
		return sign(a.mid - b.mid)
	})
	if zeros > 0 {
		notes += fmt.Sprintf(" Rows with values of 0, which this axis cannot show: %d.", zeros)
	}
	return bars, notes
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
