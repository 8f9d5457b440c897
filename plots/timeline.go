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

// course is the timeline of a row's last trial.
type course struct {
	impl string
	line *results.Timeline
}

const (
	maxBins     = 2000 // of a timeline that is drawn
	maxMarks    = 12
	maxMarkName = 24
)

// timelines draws turns per second and waits over time, for each point whose trials have
// timelines.
func (s section) timelines() (out []Chart) {
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
		out = append(out, s.timeline(groups[point], where[point])...)
	}
	return out
}

// lastTimeline returns the timeline of the row's last trial that has one fit to be drawn.
func lastTimeline(r results.Row) *results.Timeline {
	if !r.Passed() {
		return nil
	}
	for _, t := range slices.Backward(r.Good) {
		l := t.Timeline
		if l != nil && l.BinMs > 0 && l.BinMs < 1e9 && len(l.Ops) > 1 && len(l.Ops) <= maxBins {
			return l
		}
	}
	return nil
}

// timelineKind is one of the charts that a timeline makes.
type timelineKind struct {
	name, title, axis string
	points            func(*results.Timeline) plotter.XYs
	ticks             ticksAt
	caption           string
}

func (s section) timeline(courses []course, where string) (out []Chart) {
	for _, kind := range []timelineKind{
		{
			"timeline", "turns over time", logarithmic(s.turns()+" per second", "1/s"), rates, decades(rate),
			"The line drops to the bottom where no turn ended." + s.turn(),
		},
		{
			"waits", "longest wait over time",
			logarithmic("longest wait of the turns that ended then", "time"), waits, decades(duration),
			"A wait is drawn where it ended.",
		},
	} {
		c := Chart{
			Name:  fileName(s.contract, s.work, kind.name, where),
			Title: fmt.Sprintf("%s: %s%s", s.title(), kind.title, at(where)),
			Caption: "One window of the last trial. " + kind.caption +
				" Vertical lines mark faults and other events, in the colour of the implementation." +
				" Their names are those of the first one." + failed(s.rows),
			plot:  newPlot(linear("time since the window started", "ms"), kind.axis),
			width: chartWidth, height: chartHeight,
		}
		c.grid()
		c.plot.Y.Tick.Marker = kind.ticks
		for _, r := range courses {
			points := kind.points(r.line)
			if len(points) < 2 {
				continue
			}
			look := s.looks[r.impl]
			look.glyph.Radius = 0
			c.line(series{name: r.impl, style: look, points: points})
		}
		if len(c.legend) == 0 {
			continue
		}
		for i, r := range courses {
			c.marks(r.line, s.looks[r.impl], i == 0)
		}
		out = append(out, c)
	}
	return out
}

// rates returns turns per second, as logarithms. A bin without a turn lies half a decade
// below the lowest other one.
func rates(l *results.Timeline) (points plotter.XYs) {
	lowest := math.Inf(1)
	for _, n := range l.Ops {
		if n > 0 {
			lowest = min(lowest, math.Log10(float64(n)/l.BinMs*1e3))
		}
	}
	if math.IsInf(lowest, 1) {
		return nil
	}
	for i, n := range l.Ops {
		y := lowest - 0.5
		if n > 0 {
			y = math.Log10(float64(n) / l.BinMs * 1e3)
		}
		points = append(points, plotter.XY{X: (float64(i) + 0.5) * l.BinMs, Y: y})
	}
	return points
}

// waits returns the longest waits, as logarithms of nanoseconds.
func waits(l *results.Timeline) (points plotter.XYs) {
	for i, ms := range l.Max {
		if ms > 0 && i < len(l.Ops) {
			points = append(points, plotter.XY{X: (float64(i) + 0.5) * l.BinMs, Y: math.Log10(ms * 1e6)})
		}
	}
	return points
}

// marks draws a timeline's marks, with their names if named is set.
func (c *Chart) marks(l *results.Timeline, look style, named bool) {
	low, high := c.plot.Y.Min, c.plot.Y.Max
	var names plotter.XYLabels
	for _, m := range l.Marks[:min(len(l.Marks), maxMarks)] {
		if m.AtMs < 0 || m.AtMs > float64(len(l.Ops))*l.BinMs {
			continue
		}
		line, err := plotter.NewLine(plotter.XYs{{X: m.AtMs, Y: low}, {X: m.AtMs, Y: high}})
		if err != nil {
			continue
		}
		line.LineStyle = draw.LineStyle{Color: look.line.Color, Width: 0.7, Dashes: []vg.Length{4, 2}}
		c.plot.Add(line)
		// Neighbouring names have different heights, so that they do not overlap.
		y := high - (high-low)*0.05*float64(len(names.XYs)%4+1)
		names.XYs = append(names.XYs, plotter.XY{X: m.AtMs, Y: y})
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

// markName returns a mark's name in characters that every font has.
func markName(name string) string {
	printable := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, name)
	return printable[:min(len(printable), maxMarkName)]
}
