package plots

import (
	"fmt"
	"image/color"
	"iter"
	"math"
	"slices"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"github.com/contendbench/contend/results"
)

// latency shows the percentiles of one point on an axis that gives every further nine the same room.
func (s section) latency(rows []results.Row, where string, looks map[string]style) Chart {
	c := Chart{
		Name:  fileName(s.contract, s.work, "latency", where),
		Title: fmt.Sprintf("%s: latency by percentile%s", s.title(), at(where)),
		plot:  newPlot("percentile of turns", "latency"), width: chartWidth, height: chartHeight,
	}
	c.grid()
	c.plot.X.Tick.Marker, c.plot.Y.Tick.Marker = ticksAt(nines), decades(duration)
	for _, r := range rows {
		if line := percentiles(r); len(line.points) > 1 {
			line.name, line.style = r.Impl, looks[r.Impl]
			line.style.glyph.Radius = 0
			c.line(line)
		}
	}
	if len(c.legend) == 0 {
		return Chart{}
	}
	c.Caption = "From latency windows, all trials merged; a line ends where fewer than 10 samples lie beyond." + failed(rows)
	return c
}

// beyond is how many samples must lie beyond a percentile that is drawn.
const beyond = 10

func percentiles(r results.Row) (s series) {
	h, err := r.Histogram()
	if err != nil || h == nil { // a damaged histogram is a problem of the run, and named there
		return s
	}
	samples := 0.0
	for _, t := range r.Good {
		samples += t.Values["samples"]
	}
	if samples == 0 {
		samples = float64(h.TotalCount())
	}
	for x := 0.0; x < 6; x += 0.05 {
		p := 1 - math.Pow(10, -x)
		if samples*(1-p) < beyond {
			break
		}
		v := h.ValueAtQuantile(100 * p)
		s.points = append(s.points, plotter.XY{X: x, Y: math.Log10(math.Max(float64(v), 1))})
	}
	return s
}

// fairness shows throughput against Jain's index: up and to the right is better.
func (s section) fairness(rows []results.Row, where string, looks map[string]style) Chart {
	c := Chart{
		Name:  fileName(s.contract, s.work, "fairness", where),
		Title: fmt.Sprintf("%s: throughput against fairness%s", s.title(), at(where)),
		plot:  newPlot("Jain's fairness index: 1 is an equal share for everybody", s.turns()+" a second"),
		width: chartWidth, height: chartHeight,
	}
	c.grid()
	c.plot.Y.Tick.Marker = decades(rate)
	length := 0.0
	for _, r := range rows {
		jain, ops := r.Sample("jain"), r.Sample("ops/s")
		if jain.N == 0 || ops.N == 0 || ops.Median <= 0 {
			continue
		}
		length = r.Sample("fair-ms").Median
		c.dots(series{name: r.Impl, style: looks[r.Impl], points: plotter.XYs{{X: jain.Median, Y: math.Log10(ops.Median)}}})
	}
	if len(c.legend) < 2 {
		return Chart{}
	}
	c.plot.X.Min, c.plot.X.Max = 0, 1.03
	c.Caption = fmt.Sprintf("Fairness over a window of %.0f ms; over a shorter one everybody is less fair.", length) + s.turn() + failed(rows)
	return c
}

var outcomeColours = map[results.Outcome]color.NRGBA{
	results.Different: palette[1], results.Equivalent: palette[2], results.Inconclusive: grey,
}

var outcomeGlyphs = map[results.Outcome]draw.GlyphDrawer{
	results.Different: draw.CircleGlyph{}, results.Equivalent: draw.SquareGlyph{}, results.Inconclusive: draw.RingGlyph{},
}

// Forest shows the ratios of a comparison with their intervals, the largest first.
func Forest(title string, rows []results.Comparison) Chart {
	return forest(title, rows, func(c results.Comparison) string { return fmt.Sprintf("%s: %s over %s", c.Name, c.New, c.Old) })
}

// ratios shows every row of the section beside the baseline of its point.
func (s section) ratios(m material) iter.Seq[Chart] {
	return func(yield func(Chart) bool) {
		points := map[string]string{}
		for _, r := range s.rows {
			points[r.Point()] = s.where(r.Cell)
		}
		var rows []results.Comparison
		for _, c := range m.ratios {
			if _, ok := points[c.Name]; ok {
				rows = append(rows, c)
			}
		}
		if len(rows) == 0 {
			return
		}
		c := forest(s.title()+": time over the baseline's, "+rows[0].Old, rows, func(c results.Comparison) string { return c.New + at(points[c.Name]) })
		c.Name = fileName(s.contract, s.work, "ratio")
		c.Caption += failed(s.rows)
		yield(c)
	}
}

func forest(title string, rows []results.Comparison, name func(results.Comparison) string) Chart {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b results.Comparison) int { return sign(b.Ratio - a.Ratio) })
	note := ""
	if len(rows) > mostBars {
		note = fmt.Sprintf(" Of %d rows, the %d slowest are drawn.", len(rows), mostBars)
		rows = rows[:mostBars]
	}
	c := Chart{
		Name: fileName("ratio", title), Title: title, Section: "ratio",
		Caption: "Ratio of times with its interval; left of 1 is faster than the baseline. Disc: different; square: equivalent; ring: inconclusive." + note,
		plot:    newPlot("ratio", ""),
	}
	c.grid()
	var bars []bar
	for _, r := range rows {
		if r.Low <= 0 || math.IsInf(r.High, 0) || math.IsNaN(r.Ratio) {
			continue
		}
		bars = append(bars, bar{name(r), math.Log10(r.Ratio), math.Log10(r.Low), math.Log10(r.High), newStyle(outcomeColours[r.Outcome], nil, outcomeGlyphs[r.Outcome])})
	}
	c.plot.X.Tick.Marker = decades(rate)
	c.intervals(bars)
	if one, err := plotter.NewLine(plotter.XYs{{X: 0, Y: -0.7}, {X: 0, Y: float64(len(bars)) - 0.3}}); err == nil {
		one.LineStyle = draw.LineStyle{Color: ink, Width: 0.8}
		c.plot.Add(one)
	}
	return c
}
