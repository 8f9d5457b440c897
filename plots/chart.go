// Package plots draws charts and the report from results. It depends on nothing else of
// contend.
package plots

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/contendbench/contend/results"
)

// Chart is one picture, ready to be written.
type Chart struct {
	Name    string // of its files
	Title   string
	Caption string // how to read it, and what is not drawn
	Section string // its contract and workload

	plot          *plot.Plot
	legend        []entry
	width, height vg.Length
	place         [2]int // where the report shows it: section, and kind within the section
}

type entry struct {
	name string
	style
}

// series is the points of one implementation.
type series struct {
	name      string
	points    plotter.XYs
	low, high []float64 // interval at each point; nil: none
	style
}

const (
	chartWidth  = 7.2 * vg.Inch
	chartHeight = 4.2 * vg.Inch
	legendSize  = 9
	legendLine  = 12
	titleSize   = 11
	titleLine   = 15
	maxTitle    = 300 // characters
)

// line adds a series with its glyphs, and with its interval as a band.
func (c *Chart) line(s series) {
	if len(s.points) == 0 {
		return
	}
	if s.low != nil && len(s.points) > 1 {
		var band plotter.XYs
		for i, p := range s.points {
			band = append(band, plotter.XY{X: p.X, Y: s.high[i]})
		}
		for i := range slices.Backward(s.points) {
			band = append(band, plotter.XY{X: s.points[i].X, Y: s.low[i]})
		}
		if poly, err := plotter.NewPolygon(band); err == nil { // the only errors are points that are not numbers
			poly.Color = faint(s.style.line.Color)
			poly.LineStyle.Width = 0
			c.plot.Add(poly)
		}
	}
	if l, err := plotter.NewLine(s.points); err == nil {
		l.LineStyle = s.style.line
		c.plot.Add(l)
	}
	c.dots(s)
}

// dots adds a series as glyphs only.
func (c *Chart) dots(s series) {
	d, err := plotter.NewScatter(s.points)
	if err != nil {
		return
	}
	d.GlyphStyle = s.style.glyph
	c.plot.Add(d)
	c.legend = append(c.legend, entry{s.name, s.style})
}

func (c *Chart) grid() {
	g := plotter.NewGrid()
	g.Horizontal.Color, g.Vertical.Color = gridGrey, gridGrey
	g.Horizontal.Width, g.Vertical.Width = 0.5, 0.5
	c.plot.Add(g)
}

// drawOn draws the plot, and the legend in a strip to the right of it. A title is above
// both.
func (c Chart) drawOn(canvas vg.CanvasSizer, title []string) {
	area := draw.New(canvas)
	area.SetColor(white)
	area.Fill(area.Rectangle.Path())
	area = draw.Crop(area, 6, -6, 6, -6)
	head := sans(titleSize)
	head.YAlign = draw.YTop
	for i, line := range title {
		area.FillText(head, vg.Point{X: area.Min.X, Y: area.Max.Y - titleLine*vg.Length(i)}, line)
	}
	area = draw.Crop(area, 0, 0, 0, -titleLine*vg.Length(len(title)))
	sty := sans(legendSize)
	wide := vg.Length(0)
	for _, e := range c.legend {
		wide = max(wide, sty.Width(e.name))
	}
	if wide > 0 {
		wide += 40
	}
	c.plot.Draw(draw.Crop(area, 0, -wide, 0, 0))
	sty.YAlign = draw.YCenter
	x := area.Max.X - wide + 10
	for i, e := range c.legend {
		y := area.Max.Y - legendLine*vg.Length(i) - 10
		area.StrokeLine2(e.line, x, y, x+22, y)
		area.DrawGlyph(e.glyph, vg.Point{X: x + 11, Y: y})
		area.FillText(sty, vg.Point{X: x + 27, Y: y}, e.name)
	}
}

// tall returns the chart's height, which leaves room for the legend.
func (c Chart) tall() vg.Length { return max(c.height, legendLine*vg.Length(len(c.legend))+30) }

// titled returns the lines of the chart's title.
func (c Chart) titled() []string {
	return strings.Split(wrapTitle(c.Title, c.width-20), "\n")
}

// wrapTitle breaks a title into lines at its spaces.
func wrapTitle(title string, width vg.Length) string {
	sty := sans(titleSize)
	var lines []string
	line := ""
	for _, word := range strings.Fields(clip(title, maxTitle)) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && sty.Width(longer) > width {
			lines, longer = append(lines, line), word
		}
		line = longer
	}
	return strings.Join(append(lines, line), "\n")
}

// SVG returns the picture with its title, as Save writes it.
func (c Chart) SVG() ([]byte, error) { return c.svg(c.titled()) }

// svg returns the picture under a title; none if the page around it has the title.
func (c Chart) svg(title []string) ([]byte, error) {
	canvas := vgsvg.New(c.width, c.tall()+titleLine*vg.Length(len(title)))
	c.drawOn(canvas, title)
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("draw %s: %w", c.Name, err)
	}
	// The font is not embedded, so name substitutes for it.
	text := strings.ReplaceAll(b.String(), family, family+substitutes)
	return []byte(results.PrintableLines(text)), nil
}

const (
	family      = "font-family:Liberation Sans"
	substitutes = ",Arial,Helvetica,sans-serif"
)

// maxDrawn bounds what is read of a file to tell whether it is a chart.
const maxDrawn = 64 << 20

// Drawn reports whether a file is an SVG that this package wrote.
func Drawn(file string) bool {
	content, err := results.ReadRegular(file, maxDrawn)
	return err == nil && bytes.Contains(content, []byte("<svg")) && bytes.Contains(content, []byte(family+substitutes))
}

func (c Chart) png() ([]byte, error) {
	title := c.titled()
	tall := c.tall() + titleLine*vg.Length(len(title))
	canvas := vgimg.NewWith(vgimg.UseWH(c.width, tall), vgimg.UseDPI(144))
	c.drawOn(canvas, title)
	var b bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&b); err != nil {
		return nil, fmt.Errorf("draw %s: %w", c.Name, err)
	}
	return b.Bytes(), nil
}

// Save writes the chart as SVG and PNG into dir, creating dir if necessary, and returns
// the paths of the files. It replaces an earlier chart, and refuses to overwrite any other
// file. If writing fails, a file that already existed stays intact.
func (c Chart) Save(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("save charts: %w", err)
	}
	if err := c.free(dir); err != nil {
		return nil, err
	}
	var files []string
	for _, f := range []struct {
		ext  string
		draw func() ([]byte, error)
	}{{".svg", c.SVG}, {".png", c.png}} {
		picture, err := f.draw()
		if err != nil {
			return files, err
		}
		path := filepath.Join(dir, c.Name+f.ext)
		if err := replaceFile(path, picture); err != nil {
			return files, err
		}
		files = append(files, path)
	}
	return files, nil
}

// free returns an error if the chart's files exist, and are no chart.
func (c Chart) free(dir string) error {
	picture := filepath.Join(dir, c.Name+".svg")
	if Drawn(picture) {
		return nil
	}
	for _, path := range []string{picture, filepath.Join(dir, c.Name+".png")} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("save %s: the file exists, and contend did not draw it", path)
		}
	}
	return nil
}

func replaceFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".chart-*")
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // fails after the rename, as it should
	_, err = io.Copy(f, bytes.NewReader(content))
	for _, e := range []error{err, f.Chmod(0o644), f.Close()} {
		if e != nil {
			return fmt.Errorf("save %s: %w", path, e)
		}
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	return nil
}

// fileName makes a chart's file name from parts that may come from a results file.
func fileName(parts ...string) string {
	clean := func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-':
			return r
		}
		return '-'
	}
	name := strings.Trim(strings.Map(clean, strings.Join(parts, "-")), ".-")
	return name[:min(len(name), 120)]
}
