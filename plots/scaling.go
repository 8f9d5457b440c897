package plots

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"

	"github.com/contendbench/contend/results"
)

// scaling draws throughput over the workload's own parameter, a chart for each setting of the others.
func (s section) scaling(m material) iter.Seq[Chart] {
	key := s.info.Curve
	return func(yield func(Chart) bool) {
		if key == "" {
			return
		}
		for _, rows := range s.by(func(r results.Row) string { return s.where(r.Cell, key) }) {
			if !yield(s.curves(rows, key, m)) {
				return
			}
		}
	}
}

func (s section) curves(rows []results.Row, key string, m material) Chart {
	where := s.where(rows[0].Cell, key)
	c := Chart{
		Name:  fileName(s.contract, s.work, "scaling", where),
		Title: fmt.Sprintf("%s: throughput over %s%s", s.title(), key, at(where)),
		plot:  newPlot(key, s.turns()+" a second"), width: chartWidth, height: chartHeight,
	}
	x := newAxis(rows, key)
	c.grid()
	c.plot.X.Tick.Marker, c.plot.Y.Tick.Marker = x, decades(rate)
	points := map[string][]results.Row{}
	for _, r := range rows {
		points[r.Impl] = append(points[r.Impl], r)
	}
	for _, impl := range implsOf(rows) {
		line := curve(points[impl], key, x)
		line.name, line.style = impl, m.looks[s.contract][impl]
		if len(line.points) > 1 { // one point is no curve; it stands in the chart of its point
			c.line(line)
		}
	}
	if len(c.legend) == 0 {
		return Chart{}
	}
	c.Caption = "The line joins medians; the band is their 95 % interval." + s.turn() + x.note() + oversubscribed(m.run, key) + failed(s.rows)
	return c
}

// crowds are the parameters that number goroutines.
var crowds = []string{"goroutines", "parties"}

func oversubscribed(run *results.Run, key string) string {
	if !slices.Contains(crowds, key) || run.Info.Machine.Cores == 0 {
		return ""
	}
	return fmt.Sprintf(" Beyond %d %s the machine's cores are oversubscribed: that is no hardware scaling.", run.Info.Machine.Cores, key)
}

func curve(rows []results.Row, key string, x axis) (s series) {
	type at struct{ x, y, low, high float64 }
	var points []at
	for _, r := range rows {
		text, _ := r.Get(key)
		v, err := strconv.ParseFloat(text, 64)
		sample := r.Sample("ops/s")
		if err != nil || !slices.Contains(x.values, v) || sample.N == 0 || sample.Low <= 0 {
			continue
		}
		points = append(points, at{x.place(v), math.Log10(sample.Median), math.Log10(sample.Low), math.Log10(sample.High)})
	}
	slices.SortFunc(points, func(a, b at) int { return sign(a.x - b.x) })
	for _, p := range points {
		s.points = append(s.points, plotter.XY{X: p.x, Y: p.y})
		s.low, s.high = append(s.low, p.low), append(s.high, p.high)
	}
	return s
}

// An axis places the values of a parameter: by their logarithm, or in equal steps where one of them has none or where
// two would lie on each other, as 99 and 100 do beside 50.
type axis struct {
	values []float64 // in their order
	log    bool
}

const (
	apart     = 1.15 // of neighbours, as a ratio, on an axis of logarithms
	mostTicks = 16   // that are named
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
	for i := 1; i < len(a.values) && len(a.values) <= mostTicks; i++ {
		a.log = a.log && a.values[i] >= apart*a.values[i-1]
	}
	return a
}

func (a axis) place(v float64) float64 {
	if a.log {
		return math.Log2(v)
	}
	return float64(slices.Index(a.values, v))
}

// Ticks names the values.
func (a axis) Ticks(min, max float64) []plot.Tick {
	if a.log && len(a.values) > mostTicks {
		return powersOfTwo(min, max)
	}
	var out []plot.Tick
	for i := 0; i < len(a.values); i += 1 + (len(a.values)-1)/mostTicks {
		out = append(out, plot.Tick{Value: a.place(a.values[i]), Label: strconv.FormatFloat(a.values[i], 'g', -1, 64)})
	}
	return out
}

func (a axis) note() string {
	if a.log || len(a.values) < 2 {
		return ""
	}
	return " The steps between the values are drawn equal."
}
