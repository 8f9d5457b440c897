package plots

import (
	"image/color"
	"strings"
	"unicode"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A board is a plane of equal fields that draws itself as a plotter. Its axes name
// values, because the steps between them are not to scale.
type board struct {
	xs, ys []string
	fields [][]field // by y, then x
}

// A field is what a board shows at a point. Without a winner it is white.
type field struct {
	winner, note string
	colour       color.Color
	tied         int // how many cannot be distinguished, including the winner
}

// fills are the colours of fields: the palette, yellow, which is too faint only for
// lines, and three colours of Paul Tol's muted scheme.
var fills = []color.Color{
	palette[0], palette[1], palette[2], palette[3], palette[4], palette[5], palette[6],
	color.NRGBA{0xF0, 0xE4, 0x42, 0xFF},
	color.NRGBA{0x88, 0x22, 0x55, 0xFF},
	color.NRGBA{0x99, 0x99, 0x33, 0xFF},
	color.NRGBA{0x33, 0x22, 0x88, 0xFF},
}

const (
	fieldText   = 8
	fieldHeight = 34
	fieldMargin = 8   // next to the text
	hatchStep   = 7   // between two lines
	paleness    = 0.8 // share of white in a hatched field
	maxText     = 18  // characters of a name
)

// board makes a board the chart's plot, wide enough for the texts of the fields.
func (c *Chart) board(b board) {
	c.plot.Add(b)
	c.plot.X.Min, c.plot.X.Max = -0.5, float64(len(b.xs))-0.5
	c.plot.Y.Min, c.plot.Y.Max = -0.5, float64(len(b.ys))-0.5
	c.plot.X.Tick.Marker, c.plot.Y.Tick.Marker = named(b.xs), named(b.ys)
	for _, a := range []*plot.Axis{&c.plot.X, &c.plot.Y} {
		a.LineStyle.Width, a.Tick.LineStyle.Width, a.Padding = 0, 0, 0
	}
	wide := vg.Length(0)
	for _, line := range b.fields {
		for _, f := range line {
			wide = max(wide, sans(fieldText).Width(f.text())+fieldMargin)
		}
	}
	const frame = 2.2 * vg.Inch // axis and legend
	c.width = max(chartWidth, frame+vg.Length(len(b.xs))*wide)
	c.height = vg.Length(len(b.ys))*fieldHeight + 50
}

// named returns ticks at 0, 1, 2 and so on.
func named(values []string) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for i, v := range values {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: cut(v)})
	}
	return ticks
}

// cut shortens a name for a field, and keeps it on one line.
func cut(name string) string { return clip(name, maxText) }

// clip shortens a text to n characters on one line.
func clip(text string, n int) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text))
	if len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return string(runes)
}

func (f field) text() string { return strings.TrimSpace(cut(f.winner) + "\n" + f.note) }

// shows reports whether any field satisfies is.
func (b board) shows(is func(field) bool) bool {
	for _, line := range b.fields {
		for _, f := range line {
			if is(f) {
				return true
			}
		}
	}
	return false
}

// Plot draws the fields.
func (b board) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for j, line := range b.fields {
		for i, f := range line {
			r := vg.Rectangle{
				Min: vg.Point{X: x(float64(i) - 0.5), Y: y(float64(j) - 0.5)},
				Max: vg.Point{X: x(float64(i) + 0.5), Y: y(float64(j) + 0.5)},
			}
			r.Min, r.Max = r.Min.Add(vg.Point{X: 1, Y: 1}), r.Max.Sub(vg.Point{X: 1, Y: 1})
			f.paint(&c, r)
			f.write(&c, r)
		}
	}
}

// paint fills a field: with full colour if one wins, hatched on a pale ground if several
// do.
func (f field) paint(c *draw.Canvas, r vg.Rectangle) {
	switch {
	case f.colour == nil:
		c.StrokeLines(draw.LineStyle{Color: gridGrey, Width: 0.6}, append(corners(r), r.Min))
		return
	case f.tied < 2:
		c.FillPolygon(f.colour, corners(r))
		return
	}
	c.FillPolygon(pale(f.colour), corners(r))
	size := r.Size()
	for d := hatchStep/2 - size.Y; d < size.X; d += hatchStep { // d is where a rising line meets the lower edge
		from := vg.Point{X: r.Min.X + max(d, 0), Y: r.Min.Y + max(-d, 0)}
		to := vg.Point{X: r.Min.X + min(d+size.Y, size.X), Y: r.Min.Y + min(size.Y, size.X-d)}
		c.StrokeLine2(draw.LineStyle{Color: f.colour, Width: 0.8}, from.X, from.Y, to.X, to.Y)
	}
	c.StrokeLines(draw.LineStyle{Color: f.colour, Width: 0.8}, append(corners(r), r.Min))
}

// write names the winner in the middle of a field, on a plate that covers the hatching.
func (f field) write(c *draw.Canvas, r vg.Rectangle) {
	if f.winner == "" {
		return
	}
	sty := sans(fieldText)
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	middle := r.Min.Add(r.Max).Scale(0.5)
	if f.tied > 1 {
		half := vg.Point{X: sty.Width(f.text())/2 + 2, Y: sty.Height(f.text())/2 + 2}
		c.FillPolygon(pale(f.colour), corners(vg.Rectangle{Min: middle.Sub(half), Max: middle.Add(half)}))
	} else if dark(f.colour) {
		sty.Color = white
	}
	c.FillText(sty, middle, f.text())
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}

// swatch adds a field without a text to the legend.
func (c *Chart) swatch(name string, f field) {
	glyph := draw.GlyphStyle{Shape: swatch(f), Radius: 4, Color: f.colour}
	c.legend = append(c.legend, entry{cut(name), style{glyph: glyph}})
}

type swatch field

// DrawGlyph draws the field, twice as wide as high.
func (s swatch) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, at vg.Point) {
	half := vg.Point{X: 2 * sty.Radius, Y: sty.Radius}
	field(s).paint(c, vg.Rectangle{Min: at.Sub(half), Max: at.Add(half)})
}

func pale(c color.Color) color.Color {
	mix := func(v uint32) uint8 { return uint8(paleness*0xFF + (1-paleness)*float64(v>>8)) }
	r, g, b, _ := c.RGBA()
	return color.NRGBA{mix(r), mix(g), mix(b), 0xFF}
}

// dark reports whether a text on c must be white, by the luminance of ITU-R BT.601.
func dark(c color.Color) bool {
	return color.GrayModel.Convert(c).(color.Gray).Y < 0x64
}
