package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/plotter"

	"github.com/contendbench/contend/results"
)

// latency shows the percentiles of one point, on an axis that gives each additional nine
// equal width.
func (s section) latency(rows []results.Row, where string) Chart {
	c := Chart{
		Name:  fileName(s.contract, s.work, "latency", where),
		Title: fmt.Sprintf("%s: latency by percentile%s", s.title(), at(where)),
		plot:  newPlot("percentile of turns", "latency"), width: chartWidth, height: chartHeight,
	}
	c.grid()
	c.plot.X.Tick.Marker, c.plot.Y.Tick.Marker = ticksAt(nines), decades(duration)
	for _, r := range rows {
		if line := percentiles(r); len(line.points) > 1 {
			line.name, line.style = r.Impl, s.looks[r.Impl]
			line.style.glyph.Radius = 0
			c.line(line)
		}
	}
	if len(c.legend) == 0 {
		return Chart{}
	}
	c.Caption = "From latency windows, with all trials merged. " +
		"A line ends where fewer than 10 samples remain." + failed(rows)
	return c
}

func percentiles(r results.Row) (s series) {
	l, ok := r.Latency()
	for x := 0.0; ok && x < 6; x += 0.05 {
		var v float64
		if v, ok = l.Quantile(1 - math.Pow(10, -x)); ok {
			s.points = append(s.points, plotter.XY{X: x, Y: math.Log10(math.Max(v, 1))})
		}
	}
	return s
}

// fairness shows throughput against Jain's index. Up and to the right is better.
func (s section) fairness(rows []results.Row, where string) Chart {
	c := Chart{
		Name:  fileName(s.contract, s.work, "fairness", where),
		Title: fmt.Sprintf("%s: throughput against fairness%s", s.title(), at(where)),
		plot:  newPlot("Jain's fairness index: 1 means equal shares", s.turns()+" per second"),
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
		c.dots(series{
			name: r.Impl, style: s.looks[r.Impl], points: plotter.XYs{{X: jain.Median, Y: math.Log10(ops.Median)}},
		})
	}
	if len(c.legend) < 2 {
		return Chart{}
	}
	c.plot.X.Min, c.plot.X.Max = 0, 1.03
	c.Caption = fmt.Sprintf("Fairness over a window of %.0f ms. "+
		"Over shorter windows, every implementation is less fair.", length) + s.turn() + failed(rows)
	return c
}
