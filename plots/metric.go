package plots

import (
	"strings"

	"github.com/contendbench/contend/results"
)

// nsPerOp is the unit whose charts speak of time and speed.
const nsPerOp = "ns/op"

// The number of characters for which the axes have room.
const (
	maxLabelX = 80
	maxLabelY = 48
)

// axisLabel names a metric on an axis that has room for n characters.
func (s section) axisLabel(m results.Metric, n int) string {
	switch {
	case m.Unit == nsPerOp && s.foreign():
		return "ns/op"
	case m.Unit == nsPerOp:
		return "wall time divided by " + s.turns()
	case m.Unit == "ops/s":
		return s.turns() + " per second"
	case m.About == "":
		return clip(m.Unit, n)
	}
	return clip(m.Unit+": "+m.About, n)
}

// axisOf names a metric on an axis, with its unit.
func (s section) axisOf(m results.Metric, n int, axis scale) string {
	unit := m.Unit
	switch {
	case m.Unit == nsPerOp:
		unit = "time"
	case m.Unit == "ops/s":
		unit = "1/s"
	case m.About == "":
		return axis.name(s.axisLabel(m, n), "in that unit")
	}
	return axis.name(s.axisLabel(m, n), clip(unit, maxText))
}

// better says in which direction of an axis a metric improves.
func better(m results.Metric, lower, higher string) string {
	switch {
	case m.Unit == nsPerOp:
		return lower + " is faster"
	case m.Better == results.Higher:
		return higher + " is better"
	case m.Better == results.Neither:
		return "nothing says which direction is better"
	}
	return lower + " is better"
}

// figures returns how to write the values of a unit: times as durations, others as
// amounts.
func figures(unit string) func(float64) string {
	if unit == nsPerOp || strings.HasSuffix(unit, "-ns") {
		return duration
	}
	return rate
}
