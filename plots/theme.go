package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/contendbench/contend/results"
)

// The palette is Okabe and Ito's, which readers with any colour vision tell apart (Color Universal Design, 2008);
// yellow is left out, since it is faint on white.
var palette = []color.NRGBA{
	{0x00, 0x72, 0xB2, 0xFF},
	{0xD5, 0x5E, 0x00, 0xFF},
	{0x00, 0x9E, 0x73, 0xFF},
	{0xCC, 0x79, 0xA7, 0xFF},
	{0xE6, 0x9F, 0x00, 0xFF},
	{0x56, 0xB4, 0xE9, 0xFF},
	{0x00, 0x00, 0x00, 0xFF},
}

var (
	grey     = color.NRGBA{0x88, 0x88, 0x88, 0xFF}
	gridGrey = color.NRGBA{0xE3, 0xE3, 0xE3, 0xFF}
	ink      = color.NRGBA{0x22, 0x22, 0x22, 0xFF}
)

var dashes = [][]vg.Length{nil, {6, 3}, {2, 2}, {8, 3, 2, 3}}

var glyphs = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.PyramidGlyph{}, draw.CrossGlyph{}, draw.PlusGlyph{}, draw.RingGlyph{}, draw.BoxGlyph{},
}

// style is how an implementation looks in all charts of a run.
type style struct {
	line  draw.LineStyle
	glyph draw.GlyphStyle
	lacks []string // promises of the baseline that it does not make
}

// styles gives every implementation its own look, contract by contract and by its place in the run's tables, so that it
// is the same in all charts of the contract; controls are grey and dashed.
func styles(run *results.Run) map[string]map[string]style {
	looks, drawn := map[string]map[string]style{}, map[string]int{}
	add := func(contract, name, role string) {
		if looks[contract] == nil {
			looks[contract] = map[string]style{}
		}
		if _, ok := looks[contract][name]; ok {
			return
		}
		if role != "" {
			looks[contract][name] = newStyle(grey, []vg.Length{3, 3}, draw.RingGlyph{})
			return
		}
		n := drawn[contract]
		drawn[contract]++
		looks[contract][name] = newStyle(palette[n%len(palette)], dashes[n/len(palette)%len(dashes)], glyphs[n%len(glyphs)]) // 7 colours and 8 shapes: 56 pairs
	}
	for _, i := range run.Info.Impls {
		add(i.Contract, i.Name, i.Role)
	}
	for _, t := range run.Trials {
		name, _ := t.Base()
		add(t.Contract, name, "")
	}
	for _, i := range run.Info.Impls {
		look := looks[i.Contract][i.Name]
		look.lacks = lacks(run, i)
		looks[i.Contract][i.Name] = look
	}
	return looks
}

// lacks are the promises of the contract's baseline that an implementation does not make. A control, which promises nothing, lacks nothing.
func lacks(run *results.Run, i results.ImplInfo) (missing []string) {
	if i.Role == "noop" {
		return nil
	}
	for _, b := range run.Info.Impls {
		if b.Contract != i.Contract || b.Name != run.Info.Baseline[i.Contract] {
			continue
		}
		for _, p := range b.Promises {
			if !slices.Contains(i.Promises, p) {
				missing = append(missing, p)
			}
		}
	}
	return missing
}

func newStyle(c color.NRGBA, dash []vg.Length, g draw.GlyphDrawer) style {
	return style{
		line:  draw.LineStyle{Color: c, Width: 1.4, Dashes: dash},
		glyph: draw.GlyphStyle{Color: c, Radius: 3, Shape: g},
	}
}

func faint(c color.Color) color.NRGBA {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0x22}
}

// newPlot is an empty plot in the theme: sans serif, dark grey on white, a light grid.
func newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text = x, y
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle.Font, a.Tick.Label.Font = sans(10).Font, sans(9).Font
		a.Label.TextStyle.Color, a.Tick.Label.Color = ink, ink
		a.LineStyle.Color, a.Tick.LineStyle.Color = grey, grey
		a.LineStyle.Width, a.Tick.LineStyle.Width = 0.6, 0.6
		a.Tick.Length = 4
		a.Padding = 3
	}
	return p
}

func sans(size vg.Length) text.Style {
	return text.Style{
		Color: ink, Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}, Handler: plot.DefaultTextHandler,
	}
}

// Axes of magnitudes are linear in the logarithm, so that a value of zero cannot break them and labels take no room
// within the plot. The tickers below name the values.

// ticksAt makes ticks where a function says.
type ticksAt func(min, max float64) []plot.Tick

// Ticks returns the ticks between two values.
func (f ticksAt) Ticks(min, max float64) []plot.Tick { return f(min, max) }

// powersOfTwo are ticks for an axis of log₂.
func powersOfTwo(min, max float64) []plot.Tick {
	var out []plot.Tick
	step := math.Max(1, math.Ceil((max-min)/8))
	for v := math.Ceil(min - 1e-9); v <= max+1e-9; v += step {
		out = append(out, plot.Tick{Value: v, Label: fmt.Sprintf("%.0f", math.Exp2(v))})
	}
	return out
}

// decades are ticks for an axis of log₁₀, named by name; the steps 2 and 5 are shown where there is room, and even
// steps where the axis is shorter than two of them.
func decades(name func(float64) string) ticksAt {
	return func(min, max float64) []plot.Tick {
		steps := []float64{1, 2, 5}
		if max-min > 2.5 {
			steps = []float64{1}
		}
		var out []plot.Tick
		for e := math.Floor(min); e <= max; e++ {
			for _, s := range steps {
				if v := e + math.Log10(s); v >= min-1e-9 && v <= max+1e-9 {
					out = append(out, plot.Tick{Value: v, Label: name(math.Pow(10, e) * s)})
				}
			}
		}
		if len(out) > 1 || !(min < max && max < min+1) {
			return out
		}
		out = nil
		low, high := math.Pow(10, min), math.Pow(10, max)
		for _, t := range (plot.DefaultTicks{}).Ticks(low, high) {
			if !t.IsMinor() && t.Value >= low && t.Value <= high {
				out = append(out, plot.Tick{Value: math.Log10(t.Value), Label: name(t.Value)})
			}
		}
		return out
	}
}

// rate names an amount: 20k, 5M.
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

// duration names nanoseconds: 50 ns, 2 µs, 10 ms.
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
func nines(min, max float64) []plot.Tick {
	var out []plot.Tick
	for _, t := range []struct {
		p    float64
		name string
	}{{0, "0 %"}, {0.5, "50 %"}, {0.9, "90 %"}, {0.99, "99 %"}, {0.999, "99.9 %"}, {0.9999, "99.99 %"}, {0.99999, "99.999 %"}} {
		if v := nine(t.p); v >= min-1e-9 && v <= max+1e-9 {
			out = append(out, plot.Tick{Value: v, Label: t.name})
		}
	}
	return out
}

func nine(p float64) float64 { return -math.Log10(1 - p) }
