package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/contendbench/contend/results"
)

// course is a row's timeline: that of its last trial.
type course struct {
	impl string
	line *results.Timeline
}

const (
	mostBins     = 2000 // of a timeline that is drawn
	mostMarks    = 12
	mostMarkName = 24
)

// timelines draws, for each point whose trials have timelines, turns a second and waits over time.
func (s section) timelines(looks map[string]style) (out []Chart) {
	var order []string
	groups := map[string][]course{}
	where := map[string]string{}
	for _, r := range s.rows {
		line := lastTimeline(r)
		if line == nil {
			continue
		}
		point := r.Point()
		if groups[point] == nil {
			order = append(order, point)
			where[point] = s.where(r.Cell, "")
		}
		groups[point] = append(groups[point], course{r.Impl, line})
	}
	for _, point := range order {
		out = append(out, s.timeline(groups[point], where[point], looks)...)
	}
	return out
}

// lastTimeline is the timeline of the row's last trial that can be drawn.
func lastTimeline(r results.Row) *results.Timeline {
	if !r.Passed() {
		return nil
	}
	for _, t := range slices.Backward(r.Good) {
		if l := t.Timeline; l != nil && l.BinMs > 0 && l.BinMs < 1e9 && len(l.Ops) > 1 && len(l.Ops) <= mostBins {
			return l
		}
	}
	return nil
}

func (s section) timeline(courses []course, where string, looks map[string]style) (out []Chart) {
	for _, kind := range []struct {
		name, title, axis string
		points            func(*results.Timeline) plotter.XYs
		ticks             ticksAt
		caption           string
	}{
		{"timeline", "turns over time", s.turns() + " a second", rates, decades(rate), "The line ends at the bottom where no turn ended." + s.turn()},
		{"waits", "longest wait over time", "longest wait of a turn that ended then", waits, decades(duration), "A wait stands where it ended."},
	} {
		c := Chart{
			Name:    fileName(s.contract, s.work, kind.name, where),
			Title:   fmt.Sprintf("%s: %s%s", s.title(), kind.title, at(where)),
			Caption: "One window of the last trial. " + kind.caption + " Vertical lines, in an implementation's colour, are what was done then; the names are those of the first." + failed(s.rows),
			plot:    newPlot("ms since the begin of the window", kind.axis), width: chartWidth, height: chartHeight,
		}
		c.grid()
		c.plot.Y.Tick.Marker = kind.ticks
		for _, r := range courses {
			points := kind.points(r.line)
			if len(points) < 2 {
				continue
			}
			look := looks[r.impl]
			look.glyph.Radius = 0
			c.line(series{name: r.impl, style: look, points: points})
		}
		if len(c.legend) == 0 {
			continue
		}
		for i, r := range courses {
			c.marks(r.line, looks[r.impl], i == 0)
		}
		out = append(out, c)
	}
	return out
}

// rates are turns a second, as logarithms. A bin without a turn lies half a decade below the least.
func rates(l *results.Timeline) (points plotter.XYs) {
	least := math.Inf(1)
	for _, n := range l.Ops {
		if n > 0 {
			least = min(least, math.Log10(float64(n)/l.BinMs*1e3))
		}
	}
	if math.IsInf(least, 1) {
		return nil
	}
	for i, n := range l.Ops {
		y := least - 0.5
		if n > 0 {
			y = math.Log10(float64(n) / l.BinMs * 1e3)
		}
		points = append(points, plotter.XY{X: (float64(i) + 0.5) * l.BinMs, Y: y})
	}
	return points
}

// waits are the longest waits, as logarithms of nanoseconds.
func waits(l *results.Timeline) (points plotter.XYs) {
	for i, ms := range l.Max {
		if ms > 0 && i < len(l.Ops) {
			points = append(points, plotter.XY{X: (float64(i) + 0.5) * l.BinMs, Y: math.Log10(ms * 1e6)})
		}
	}
	return points
}

// marks draws a timeline's marks, with their names if asked to.
func (c *Chart) marks(l *results.Timeline, look style, named bool) {
	low, high := c.plot.Y.Min, c.plot.Y.Max
	var names plotter.XYLabels
	for _, m := range l.Marks[:min(len(l.Marks), mostMarks)] {
		if m.AtMs < 0 || m.AtMs > float64(len(l.Ops))*l.BinMs {
			continue
		}
		line, err := plotter.NewLine(plotter.XYs{{X: m.AtMs, Y: low}, {X: m.AtMs, Y: high}})
		if err != nil {
			continue
		}
		line.LineStyle = draw.LineStyle{Color: look.line.Color, Width: 0.7, Dashes: []vg.Length{4, 2}}
		c.plot.Add(line)
		// Names of neighbours stand at different heights.
		names.XYs = append(names.XYs, plotter.XY{X: m.AtMs, Y: high - (high-low)*0.05*float64(len(names.XYs)%4+1)})
		names.Labels = append(names.Labels, markName(m.Name))
	}
	if !named || len(names.Labels) == 0 {
		return
	}
	if labels, err := plotter.NewLabels(names); err == nil {
		for i := range labels.TextStyle {
			labels.TextStyle[i] = sans(legendSize)
		}
		labels.Offset = vg.Point{X: 3}
		c.plot.Add(labels)
	}
}

// markName is a mark's name, of characters that every font has.
func markName(name string) string {
	printable := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, name)
	return printable[:min(len(printable), mostMarkName)]
}
