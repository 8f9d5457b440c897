package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
)

// Axes of magnitudes are linear in the logarithm, so that a value of zero cannot break
// them. The tickers below write the values themselves.

// logarithmic names an axis of magnitudes, with its unit.
func logarithmic(label, unit string) string { return label + " (" + unit + ", logarithmic)" }

// linear names an axis whose steps are equal, with its unit.
func linear(label, unit string) string { return label + " (" + unit + ", linear)" }

// ticksAt makes ticks with a function.
type ticksAt func(low, high float64) []plot.Tick

// Ticks returns the ticks between two values.
func (f ticksAt) Ticks(low, high float64) []plot.Tick { return f(low, high) }

// powersOfTwo are ticks for an axis of log₂.
func powersOfTwo(low, high float64) []plot.Tick {
	var out []plot.Tick
	step := math.Max(1, math.Ceil((high-low)/8))
	for v := math.Ceil(low - 1e-9); v <= high+1e-9; v += step {
		out = append(out, plot.Tick{Value: v, Label: fmt.Sprintf("%.0f", math.Exp2(v))})
	}
	return out
}

// decades are ticks for an axis of log₁₀, labelled by name. Where there is room they
// include the steps 2 and 5. An axis with fewer than two of these steps gets even steps.
func decades(name func(float64) string) ticksAt {
	return func(low, high float64) []plot.Tick {
		steps := []float64{1, 2, 5}
		if high-low > 2.5 {
			steps = []float64{1}
		}
		var out []plot.Tick
		for e := math.Floor(low); e <= high; e++ {
			for _, s := range steps {
				if v := e + math.Log10(s); v >= low-1e-9 && v <= high+1e-9 {
					out = append(out, plot.Tick{Value: v, Label: name(math.Pow(10, e) * s)})
				}
			}
		}
		if len(out) > 1 || !(low < high && high < low+1) {
			return out
		}
		return evenTicks(name, math.Pow(10, low), math.Pow(10, high))
	}
}

// evenTicks are ticks at even steps, for an axis of log₁₀.
func evenTicks(name func(float64) string, low, high float64) (out []plot.Tick) {
	for _, t := range (plot.DefaultTicks{}).Ticks(low, high) {
		if !t.IsMinor() && t.Value >= low && t.Value <= high {
			out = append(out, plot.Tick{Value: math.Log10(t.Value), Label: name(t.Value)})
		}
	}
	return out
}

// rate writes an amount: 20k, 5M.
func rate(v float64) string {
	for _, s := range []struct {
		size float64
		name string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if v >= s.size*0.999 {
			return fmt.Sprintf("%.3g%s", v/s.size, s.name)
		}
	}
	return fmt.Sprintf("%.3g", v)
}

// duration writes nanoseconds: 50 ns, 2 µs, 10 ms.
func duration(ns float64) string {
	for _, s := range []struct {
		size float64
		name string
	}{{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}} {
		if ns >= s.size*0.999 {
			return fmt.Sprintf("%.3g %s", ns/s.size, s.name)
		}
	}
	return fmt.Sprintf("%.3g ns", ns)
}

// nines are ticks for an axis of log₁₀ 1/(1-p).
func nines(low, high float64) []plot.Tick {
	var out []plot.Tick
	for _, t := range []struct {
		p    float64
		name string
	}{
		{0, "0 %"},
		{0.5, "50 %"},
		{0.9, "90 %"},
		{0.99, "99 %"},
		{0.999, "99.9 %"},
		{0.9999, "99.99 %"},
		{0.99999, "99.999 %"},
	} {
		if v := nine(t.p); v >= low-1e-9 && v <= high+1e-9 {
			out = append(out, plot.Tick{Value: v, Label: t.name})
		}
	}
	return out
}

func nine(p float64) float64 { return -math.Log10(1 - p) }
