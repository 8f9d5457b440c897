package harness

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/contendbench/contend/results"
)

// Param is a parameter of a workload. A variable declares it and Of reads it, so a
// misspelt name does not compile. The key of a number names its unit: "hold-ns".
type Param[T int | float64 | string] struct {
	Key     string
	About   string // what it is, with unit and range; for contend list and for errors
	Default T
	Valid   func(T) bool // nil: every value is valid
	Crowd   bool         // it counts goroutines
}

// AnyParam is a Param of any type.
type AnyParam interface {
	Name() string
	Doc() string
	parse(text string) (any, error)
	fallback() string
	crowd() bool
}

// Name returns the parameter's key.
func (p Param[T]) Name() string { return p.Key }

// Doc returns a description of the parameter.
func (p Param[T]) Doc() string { return p.About }

func (p Param[T]) fallback() string { return fmt.Sprint(p.Default) }

func (p Param[T]) crowd() bool { return p.Crowd }

// Of returns the parameter's value in trial t. It panics if the load does not list the
// parameter.
func (p Param[T]) Of(t *Trial) T {
	v, ok := t.values[p.Key].(T)
	if !ok {
		panic(fmt.Sprintf("harness: workload %s reads parameter %s without listing it in Params", t.c.Load.Name, p.Key))
	}
	return v
}

func (p Param[T]) parse(text string) (any, error) {
	v, err := parseAs[T](text)
	if err == nil && p.Valid != nil && !p.Valid(v) {
		return nil, fmt.Errorf("parameter %s: %q is not a value it takes (%s)", p.Key, text, p.About)
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

// RateKey is the key of a parameter that every workload has: the rate of an open loop. It
// counts turns per second over all workers of the first role. Without it, the loop is
// closed.
const RateKey = results.RateKey

// readParams parses the parameters of a cell, as the workload declares them.
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
			return nil, fmt.Errorf("unknown parameter %q; the workload has %s", t.Key, strings.Join(paramNames(params), ", "))
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

// AtLeast returns a Valid function that accepts v ≥ minimum.
func AtLeast[T int | float64](minimum T) func(T) bool { return func(v T) bool { return v >= minimum } }

// Between returns a Valid function that accepts minimum ≤ v ≤ maximum.
func Between[T int | float64](minimum, maximum T) func(T) bool {
	return func(v T) bool { return v >= minimum && v <= maximum }
}
