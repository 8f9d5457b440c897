package harness

import (
	"fmt"

	"github.com/contendbench/contend/results"
)

// In returns an axis of a grid: the parameter at each of these values.
func (p Param[T]) In(values ...T) Axis {
	a := Axis{key: p.Key}
	for _, v := range values {
		a.values = append(a.values, fmt.Sprint(v))
	}
	return a
}

// Axis is a parameter at some values.
type Axis struct {
	key    string
	values []string
}

// Grid is a set of points: the product of its axes. A parameter without an axis has its
// default. A preset of a load is a list of grids, so it can be less than a full product.
type Grid struct{ axes []Axis }

// Over returns the grid of axes. Without axes, it is the point of all defaults.
func Over(axes ...Axis) Grid { return Grid{axes} }

// points expands the grid over params, in their order. Values in override replace those
// of the grid. GOMAXPROCS is not a parameter of a load; the caller sets it.
func (g Grid) points(params []AnyParam, override map[string][]string) [][]results.Param {
	points := [][]results.Param{nil}
	for _, p := range params {
		values := []string{p.fallback()}
		for _, a := range g.axes {
			if a.key == p.Name() {
				values = a.values
			}
		}
		if o, ok := override[p.Name()]; ok {
			values = o
		}
		var next [][]results.Param
		for _, point := range points {
			for _, v := range values {
				next = append(next, append(point[:len(point):len(point)], results.Param{Key: p.Name(), Value: v}))
			}
		}
		points = next
	}
	return points
}
