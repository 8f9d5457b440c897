package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/contendbench/contend/results"
)

// palette is Okabe and Ito's, which readers with any colour vision can distinguish (Color
// Universal Design, 2008). It leaves out yellow, which is faint on white.
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
	white    = color.NRGBA{0xFF, 0xFF, 0xFF, 0xFF}
)

var dashes = [][]vg.Length{nil, {6, 3}, {2, 2}, {8, 3, 2, 3}}

var glyphs = []draw.GlyphDrawer{
	draw.CircleGlyph{},
	draw.SquareGlyph{},
	draw.TriangleGlyph{},
	draw.PyramidGlyph{},
	draw.CrossGlyph{},
	draw.PlusGlyph{},
	draw.RingGlyph{},
	draw.BoxGlyph{},
}

// style is how an implementation looks in all charts of a run.
type style struct {
	line  draw.LineStyle
	glyph draw.GlyphStyle
	lacks []string // promises of the workload's baseline that it does not make
}

// An identity distinguishes the implementations of a run: suites of one contract may use
// the same name.
type identity struct{ contract, suite, name string }

// identify returns the identity of a cell's implementation. If the run's tables do not
// list it, it has no suite.
func identify(run *results.Run, c results.Cell) identity {
	if i, ok := run.Info.Impl(c); ok {
		return identity{i.Contract, i.Suite, i.Name}
	}
	name, _ := c.Unalias()
	return identity{contract: c.Contract, name: name}
}

// styles gives every implementation its own look. The look depends on its place in the
// run's tables, so it is the same in all charts. Controls are grey and dashed.
func styles(run *results.Run, rows []results.Row) map[identity]style {
	looks, drawn := map[identity]style{}, map[string]int{}
	add := func(i identity, role string) {
		if _, ok := looks[i]; ok {
			return
		}
		if role != "" {
			looks[i] = newStyle(grey, []vg.Length{3, 3}, draw.RingGlyph{})
			return
		}
		n := drawn[i.contract]
		drawn[i.contract]++
		// 7 colours and 8 shapes make 56 pairs.
		looks[i] = newStyle(palette[n%len(palette)], dashes[n/len(palette)%len(dashes)], glyphs[n%len(glyphs)])
	}
	for _, i := range run.Info.Impls {
		add(identity{i.Contract, i.Suite, i.Name}, i.Role)
	}
	for _, r := range rows {
		add(identify(run, r.Cell), "")
	}
	return looks
}

// looksIn returns the looks of the section's implementations, with what they lack there.
func (s section) looksIn(run *results.Run, all map[identity]style) map[string]style {
	looks := map[string]style{}
	for _, r := range s.rows {
		if _, ok := looks[r.Impl]; ok {
			continue
		}
		look := all[identify(run, r.Cell)]
		look.lacks = s.lacks(run, r.Cell)
		looks[r.Impl] = look
	}
	return looks
}

// lacks returns the promises of the workload's baseline that an implementation does not
// make. A control promises nothing and lacks nothing.
func (s section) lacks(run *results.Run, c results.Cell) []string {
	i, known := run.Info.Impl(c)
	if !known || i.Role == "noop" {
		return nil
	}
	base, _ := run.Info.Impl(c.With(s.baseline))
	return run.Info.Lacks(i.Promises, base.Promises)
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

// newPlot returns an empty plot in the theme: sans serif, dark grey on white.
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
		Color:   ink,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		Handler: plot.DefaultTextHandler,
	}
}
