package plots

import (
	"math"

	"gonum.org/v1/plot"

	"github.com/contendbench/contend/results"
)

// A scale places the values of a metric on an axis by their logarithm. If one of them is
// negative or none is positive, its steps are equal.
type scale struct{ linear bool }

// scaleOf returns the scale for the rows of a chart.
func scaleOf(rows []results.Row, unit string) scale {
	measured, positive := false, false
	for _, r := range rows {
		v := r.Estimate(unit)
		if v.N == 0 {
			continue
		}
		if v.Median < 0 || v.Low < 0 {
			return scale{linear: true}
		}
		measured, positive = true, positive || v.Median > 0
	}
	return scale{linear: measured && !positive}
}

// place returns where a value is on the axis: -Inf if it has no logarithm.
func (s scale) place(v float64) float64 {
	if s.linear {
		return v
	}
	return log10(v)
}

// zero reports whether a value has no place on the axis.
func (s scale) zero(v float64) bool { return !s.linear && v <= 0 }

// name names the axis, with its unit.
func (s scale) name(label, unit string) string {
	if s.linear {
		return linear(label, unit)
	}
	return logarithmic(label, unit)
}

// ticks are those of an axis with values in a unit.
func (s scale) ticks(unit string) plot.Ticker {
	if !s.linear {
		return decades(figures(unit))
	}
	return ticksAt(func(low, high float64) []plot.Tick {
		ticks := plot.DefaultTicks{}.Ticks(low, high)
		for i, t := range ticks {
			if !t.IsMinor() {
				ticks[i].Label = figures(unit)(t.Value)
			}
		}
		return ticks
	})
}

// log10 returns -Inf for values that have no logarithm.
func log10(v float64) float64 { return math.Log10(max(v, 0)) }
