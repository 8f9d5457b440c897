package harness

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/contendbench/contend/results"
)

// Param is one dimension of a workload. It is declared once as a variable and read with Of, so that
// a misspelt name does not compile. A number carries its unit in its key: "hold-ns".
type Param[T int | float64 | string] struct {
	Key     string
	About   string // for list and for errors: what it is, with unit and range
	Default T
	Valid   func(T) bool // nil: everything
}

// AnyParam is a Param of any type.
type AnyParam interface {
	Name() string
	Doc() string
	parse(text string) (any, error)
	fallback() string
}

// Name returns the parameter's key.
func (p Param[T]) Name() string { return p.Key }

// Doc says what the parameter is.
func (p Param[T]) Doc() string { return p.About }

func (p Param[T]) fallback() string { return fmt.Sprint(p.Default) }

// Of returns the parameter's value in trial t.
func (p Param[T]) Of(t *Trial) T {
	v, ok := t.values[p.Key].(T)
	if !ok {
		panic(fmt.Sprintf("harness: workload %s reads parameter %s without listing it in Params", t.spec.Cell.Work, p.Key))
	}
	return v
}

// In is an axis of a grid: the parameter at each of these values.
func (p Param[T]) In(values ...T) Axis {
	a := Axis{key: p.Key}
	for _, v := range values {
		a.values = append(a.values, fmt.Sprint(v))
	}
	return a
}

func (p Param[T]) parse(text string) (any, error) {
	v, err := parseAs[T](text)
	if err == nil && p.Valid != nil && !p.Valid(v) {
		err = fmt.Errorf("out of range")
	}
	if err != nil {
		return nil, fmt.Errorf("parameter %s: %q is not a value it takes (%s): %w", p.Key, text, p.About, err)
	}
	return v, nil
}

func parseAs[T int | float64 | string](text string) (v T, err error) {
	switch p := any(&v).(type) {
	case *int:
		*p, err = strconv.Atoi(text)
	case *float64:
		*p, err = strconv.ParseFloat(text, 64)
	case *string:
		*p = text
	}
	return v, err
}

// Axis is a parameter at some values.
type Axis struct {
	key    string
	values []string
}

// Grid is the product of its axes; parameters without an axis have their default. A preset of a
// workload is a list of grids, so that it can be curated and need not be the full product.
type Grid struct {
	axes    []Axis
	without []string
}

// Over makes a grid of axes.
func Over(axes ...Axis) Grid { return Grid{axes: axes} }

// Without leaves out the implementations named, where a preset cannot afford all of them. One that is not
// named runs, so that a new one needs no change here.
func (g Grid) Without(names ...string) Grid {
	g.without = slices.Concat(g.without, names)
	return g
}

// points expands the grid over the parameters given, in their order. Axes in override replace those of
// the grid; procs is no parameter of a workload and is left to the caller.
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

// RateKey is the parameter that every workload has: the turns a second, over all workers of its first
// role, of an open loop. Without it the loop is closed.
const RateKey = "rate-hz"

// readParams turns the texts of a cell into values, by the workload's declarations.
func readParams(params []AnyParam, texts []results.Param) (map[string]any, error) {
	values := map[string]any{}
	for _, p := range params {
		text := p.fallback()
		for _, t := range texts {
			if t.Key == p.Name() {
				text = t.Value
			}
		}
		v, err := p.parse(text)
		if err != nil {
			return nil, err
		}
		values[p.Name()] = v
	}
	for _, t := range texts {
		if _, ok := values[t.Key]; !ok && t.Key != RateKey {
			return nil, fmt.Errorf("unknown parameter %q; it has %s", t.Key, strings.Join(paramNames(params), ", "))
		}
	}
	return values, nil
}

func paramNames(params []AnyParam) []string {
	var names []string
	for _, p := range params {
		names = append(names, p.Name())
	}
	return names
}

// AtLeast is a Valid function: v ≥ least.
func AtLeast[T int | float64](least T) func(T) bool { return func(v T) bool { return v >= least } }

// Between is a Valid function: least ≤ v ≤ most.
func Between[T int | float64](least, most T) func(T) bool {
	return func(v T) bool { return v >= least && v <= most }
}
