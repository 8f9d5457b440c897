package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/plotter"

	"github.com/contendbench/contend/results"
)

// latency shows the percentiles of one point, on an axis that gives each additional nine
// equal width.
func (s section) latency(rows []results.Row, where string) Chart {
	c := Chart{
		Name:  fileName(s.contract, s.work, "latency", where),
		Title: fmt.Sprintf("%s: latency by percentile%s", s.title(), at(where)),
		plot: newPlot("percentile of turns (each further nine has equal width)",
			logarithmic("latency", "time")), width: chartWidth, height: chartHeight,
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
		plot: newPlot(linear("Jain's fairness index", "1 means equal shares"),
			logarithmic(s.turns()+" per second", "1/s")),
		width: chartWidth, height: chartHeight,
	}
	c.grid()
	c.plot.Y.Tick.Marker = decades(rate)
	var lengths []float64 // of the rows' windows, in ms
	var none []string     // rows without a turn, for which a logarithmic axis has no place
	for _, r := range rows {
		jain, ops := r.Sample("jain"), r.Sample("ops/s")
		if jain.N == 0 || ops.N == 0 {
			continue
		}
		if ms := r.Sample("fair-ms"); ms.N > 0 {
			lengths = append(lengths, ms.Min, ms.Max)
		}
		if ops.Median <= 0 {
			none = append(none, r.Impl)
			continue
		}
		c.dots(series{
			name: r.Impl, style: s.looks[r.Impl], points: plotter.XYs{{X: jain.Median, Y: math.Log10(ops.Median)}},
		})
	}
	if len(c.legend) < 2 {
		return Chart{}
	}
	c.plot.X.Min, c.plot.X.Max = 0, 1.03
	c.Caption = "Fairness over a window of " + spread(lengths) + "." + noTurns(none) + s.turn() + failed(rows)
	return c
}

// spread writes the range of some lengths in ms.
func spread(ms []float64) string {
	if len(ms) == 0 {
		return "unknown length"
	}
	low, high := fmt.Sprintf("%.0f", slices.Min(ms)), fmt.Sprintf("%.0f", slices.Max(ms))
	if low == high {
		return low + " ms"
	}
	return low + " to " + high + " ms"
}

// noTurns names the rows that a chart has no place for.
func noTurns(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " Without a place on the logarithmic axis, at 0 turns per second: " + strings.Join(names, ", ") + "."
}
