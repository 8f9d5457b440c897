package plots

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"github.com/contendbench/contend/results"
)

// scaling draws throughput over the workload's own parameter, with a chart for each
// setting of the others. If another metric than time ranks the rows, it draws that one.
func (s section) scaling() iter.Seq[Chart] {
	key := s.info.Curve
	return func(yield func(Chart) bool) {
		if key == "" {
			return
		}
		for _, rows := range s.by(func(r results.Row) string { return s.setting(r, key) }) {
			if !yield(s.curves(rows, key)) {
				return
			}
		}
	}
}

func (s section) curves(rows []results.Row, key string) Chart {
	what, m := s.rank.Unit, s.rank
	if s.byTime() && counted(rows) {
		what, m = "throughput", results.Metric{Unit: "ops/s", Better: results.Higher}
	}
	where := s.setting(rows[0], key)
	x, y := newAxis(rows, key), scaleOf(rows, m.Unit)
	c := Chart{
		Name:  fileName(s.contract, s.work, "scaling", where),
		Title: fmt.Sprintf("%s: %s over %s%s", s.title(), what, key, at(where)),
		plot:  newPlot(x.label(key), s.axisOf(m, maxLabelY, y)), width: chartWidth, height: chartHeight,
	}
	c.grid()
	c.plot.X.Tick.Marker, c.plot.Y.Tick.Marker = x, y.ticks(m.Unit)
	zeros := map[string]plotter.XYs{}
	points := map[string][]results.Row{}
	for _, r := range rows {
		points[r.Impl] = append(points[r.Impl], r)
	}
	for _, impl := range implsOf(rows) {
		line, at := curve(points[impl], key, m.Unit, x, y)
		zeros[impl] = at
		line.name, line.style = impl, s.looks[impl]
		if len(line.points) > 1 { // one point is no curve; the chart of its point shows it
			c.line(line)
		}
	}
	if len(c.legend) == 0 {
		return Chart{}
	}
	marked := c.atZero(rows, zeros, s.looks)
	c.Caption = "The line joins medians; the band is their 95 % interval."
	if what != "throughput" {
		c.Caption += " " + better(m, "Lower", "Higher") + "."
	}
	c.Caption += few(rows, m.Unit) + marked + s.turn() + x.note() + s.beyondCores(rows, key) + failed(s.rows)
	return c
}

// setting says at which other parameters a curve is drawn. The lines of a foreign
// benchmark are named by them.
func (s section) setting(r results.Row, key string) string {
	if !r.Own() {
		return ""
	}
	return s.where(r.Cell, key)
}

// counted reports whether any row has a throughput. Files of other tools have only times.
func counted(rows []results.Row) bool {
	return slices.ContainsFunc(rows, func(r results.Row) bool { return len(r.Values("ops/s")) > 0 })
}

// beyondCores says from which value of a chart's x axis on there were more goroutines
// than cores.
func (s section) beyondCores(rows []results.Row, key string) string {
	if !slices.Contains(s.info.Crowd, key) {
		return ""
	}
	below, from := false, math.Inf(1)
	for _, r := range rows {
		text, _ := r.Get(key)
		v, err := strconv.ParseFloat(text, 64)
		switch {
		case err != nil:
		case s.oversubscribed(r):
			from = min(from, v)
		default:
			below = true
		}
	}
	switch {
	case math.IsInf(from, 1):
		return ""
	case !below:
		return " The cores are oversubscribed at every point: this is not hardware scaling."
	}
	return fmt.Sprintf(" From %g %s on the cores are oversubscribed: that is not hardware scaling.", from, key)
}

// oversubscribed reports whether a row had more goroutines than the machine has cores.
func (s section) oversubscribed(r results.Row) bool {
	return s.cores > 0 && s.info.Goroutines(r) > s.cores
}

// atZero marks values of 0 at the lower edge of a logarithmic axis, and says so.
func (c *Chart) atZero(rows []results.Row, zeros map[string]plotter.XYs, looks map[string]style) string {
	low := c.plot.Y.Min - 0.05*(c.plot.Y.Max-c.plot.Y.Min)
	n := 0
	for _, impl := range implsOf(rows) {
		at := zeros[impl]
		for i := range at {
			at[i].Y = low
		}
		n += len(at)
		if d, err := plotter.NewScatter(at); err == nil && len(at) > 0 {
			d.GlyphStyle = draw.GlyphStyle{Color: looks[impl].line.Color, Radius: 4, Shape: draw.TriangleGlyph{}}
			c.plot.Add(d)
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" A logarithmic axis has no place for 0: "+
		"%d points that reach it have a triangle at the lower edge.", n)
}

// curve returns the medians of an implementation with their intervals, and the points that
// reach 0.
func curve(rows []results.Row, key, unit string, x axis, y scale) (s series, zeros plotter.XYs) {
	type at struct{ x, y, low, high float64 }
	var points []at
	for _, r := range rows {
		text, _ := r.Get(key)
		v, err := strconv.ParseFloat(text, 64)
		sample := r.Estimate(unit)
		if err != nil || !x.has(v) || sample.N == 0 {
			continue
		}
		if y.zero(sample.Low) {
			zeros = append(zeros, plotter.XY{X: x.place(v)})
			sample.Low = sample.Median
		}
		if !y.zero(sample.Median) {
			points = append(points, at{x.place(v), y.place(sample.Median), y.place(sample.Low), y.place(sample.High)})
		}
	}
	slices.SortFunc(points, func(a, b at) int { return sign(a.x - b.x) })
	for _, p := range points {
		s.points = append(s.points, plotter.XY{X: p.x, Y: p.y})
		s.low, s.high = append(s.low, p.low), append(s.high, p.high)
	}
	return s, zeros
}

// An axis places the values of a parameter by their logarithm. It uses equal steps
// instead if a value has no logarithm, or if two values would overlap, as 99 and 100 do
// on an axis from 50.
type axis struct {
	values []float64 // ascending
	log    bool
}

const (
	minStep  = 1.15 // ratio of neighbours on a logarithmic axis
	maxTicks = 16   // values that get a name
)

func newAxis(rows []results.Row, key string) axis {
	var a axis
	for _, r := range rows {
		text, _ := r.Get(key)
		if v, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			a.values = append(a.values, v)
		}
	}
	slices.Sort(a.values)
	a.values = slices.Compact(a.values)
	a.log = len(a.values) > 0 && a.values[0] > 0
	for i := 1; i < len(a.values) && len(a.values) <= maxTicks; i++ {
		a.log = a.log && a.values[i] >= minStep*a.values[i-1]
	}
	return a
}

func (a axis) place(v float64) float64 {
	if a.log {
		return math.Log2(v)
	}
	at, _ := slices.BinarySearch(a.values, v)
	return float64(at)
}

// has reports whether the axis has a place for a value.
func (a axis) has(v float64) bool {
	_, ok := slices.BinarySearch(a.values, v)
	return ok
}

// Ticks names the values.
func (a axis) Ticks(low, high float64) []plot.Tick {
	if a.log && len(a.values) > maxTicks {
		return powersOfTwo(low, high)
	}
	var out []plot.Tick
	for i := 0; i < len(a.values); i += 1 + (len(a.values)-1)/maxTicks {
		label := strconv.FormatFloat(a.values[i], 'g', -1, 64)
		out = append(out, plot.Tick{Value: a.place(a.values[i]), Label: label})
	}
	return out
}

// label names the axis, with how its steps are drawn.
func (a axis) label(key string) string {
	if a.log {
		return key + " (logarithmic)"
	}
	return key + " (equal steps)"
}

func (a axis) note() string {
	if a.log || len(a.values) < 2 {
		return ""
	}
	return " The steps between the values are drawn equal."
}
