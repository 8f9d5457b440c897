package harness

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

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

// Within returns an axis for a stress run, which draws a value from low to high for each
// window. The logarithm of the value is uniform: small values are drawn as often as large
// ones, and no size is left out. It wants 1 ≤ low ≤ high.
func Within(p Param[int], low, high int) Axis {
	return Axis{key: p.Key, values: []string{strconv.Itoa(low)}, low: low, high: high, drawn: true}
}

// Axis is a parameter at some values.
type Axis struct {
	key       string
	values    []string // one that is drawn: the least value
	low, high int      // one that is drawn: its range
	drawn     bool
}

// draw returns a value of a drawn axis.
func (a Axis) draw(rng *rand.Rand) string {
	low, high := math.Log(float64(a.low)), math.Log(float64(a.high)+1)
	v := int(math.Exp(low + rng.Float64()*(high-low)))
	return strconv.Itoa(min(max(v, a.low), a.high))
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

// drawnWeight is how many values a drawn axis counts as, when a grid is chosen.
const drawnWeight = 6

// weight is the number of the grid's points.
func (g Grid) weight() int {
	n := 1
	for _, a := range g.axes {
		if a.drawn {
			n *= drawnWeight
		} else {
			n *= len(a.values)
		}
	}
	return n
}

// draw returns the point at a place below the grid's weight. Its drawn values are random.
func (g Grid) draw(params []AnyParam, place int, rng *rand.Rand) []results.Param {
	values := map[string]string{}
	for _, a := range g.axes {
		if a.drawn {
			values[a.key] = a.draw(rng)
			place /= drawnWeight
			continue
		}
		values[a.key] = a.values[place%len(a.values)]
		place /= len(a.values)
	}
	var point []results.Param
	for _, p := range params {
		value, ok := values[p.Name()]
		if !ok {
			value = p.fallback()
		}
		point = append(point, results.Param{Key: p.Name(), Value: value})
	}
	return point
}
