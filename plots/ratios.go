package plots

import (
	"fmt"
	"image/color"
	"iter"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"

	"github.com/contendbench/contend/results"
)

var outcomeColours = map[results.Outcome]color.NRGBA{
	results.Different: palette[1], results.Equivalent: palette[2], results.Inconclusive: grey,
}

var outcomeGlyphs = map[results.Outcome]draw.GlyphDrawer{
	results.Different: draw.CircleGlyph{}, results.Equivalent: draw.SquareGlyph{},
	results.Inconclusive: draw.RingGlyph{},
}

// Forest shows the ratios of a comparison with their intervals, the largest first.
func Forest(title string, rows []results.Comparison) Chart {
	several := len(unitsOf(rows)) > 1
	return forest(title, rows, func(c results.Comparison) string {
		name := fmt.Sprintf("%s: %s over %s", c.Name, c.New, c.Old)
		if several {
			name += ", " + c.Unit
		}
		return name
	})
}

// ratios compares every row of the section with the baseline of its point.
func (s section) ratios(m material) iter.Seq[Chart] {
	return func(yield func(Chart) bool) {
		points := map[string]string{}
		var rows []results.Comparison
		for _, r := range s.rows {
			name := r.Point()
			if _, known := points[name]; known {
				continue
			}
			points[name] = s.where(r.Cell)
			for _, c := range m.ratios[name] {
				if c.HasRatio() {
					rows = append(rows, c)
				}
			}
		}
		if len(rows) == 0 {
			return
		}
		what := rows[0].Unit
		if what == nsPerOp {
			what = "time"
		}
		title := fmt.Sprintf("%s: %s relative to the baseline, %s", s.title(), what, s.baseline)
		c := forest(title, rows, func(c results.Comparison) string {
			if c.Old != s.baseline { // which has no numbers at this point
				return c.New + " / " + c.Old + at(points[c.Name])
			}
			return c.New + at(points[c.Name])
		})
		c.Name = fileName(s.contract, s.work, "ratio")
		c.Caption += failed(s.rows)
		yield(c)
	}
}

func forest(title string, rows []results.Comparison, name func(results.Comparison) string) Chart {
	rows = slices.DeleteFunc(slices.Clone(rows), func(c results.Comparison) bool { return !c.HasRatio() })
	slices.SortStableFunc(rows, func(a, b results.Comparison) int { return sign(b.Ratio - a.Ratio) })
	note := ""
	if len(rows) > maxBars {
		note = fmt.Sprintf(" Of %d rows, the %d with the largest ratios are drawn.", len(rows), maxBars)
		rows = rows[:maxBars]
	}
	c := Chart{
		Name: fileName("ratio", title), Title: title, Section: "ratio",
		Caption: ratioCaption(rows) + " Disc: different; square: equivalent; ring: inconclusive." + note,
		plot:    newPlot(logarithmic("ratio", "times"), ""),
	}
	c.grid()
	var bars []bar
	for _, r := range rows {
		label := name(r)
		if math.IsNaN(r.Ratio) {
			label += " (no ratio)"
			r.Ratio, r.Low, r.High = math.NaN(), math.NaN(), math.NaN()
		}
		look := newStyle(outcomeColours[r.Outcome], nil, outcomeGlyphs[r.Outcome])
		bars = append(bars, bar{label, log10(r.Ratio), log10(r.Low), log10(r.High), look})
	}
	c.plot.X.Tick.Marker = decades(rate)
	c.intervals(bars)
	if one, err := plotter.NewLine(plotter.XYs{{X: 0, Y: -0.7}, {X: 0, Y: float64(len(bars)) - 0.3}}); err == nil {
		one.LineStyle = draw.LineStyle{Color: ink, Width: 0.8}
		c.plot.Add(one)
	}
	return c
}

// ratioCaption says which side of 1 is better, which depends on the metric.
func ratioCaption(rows []results.Comparison) string {
	units := unitsOf(rows)
	if len(units) <= 1 && (len(units) == 0 || units[0] == nsPerOp) {
		return "Ratio of times with its interval; left of 1 is faster than the baseline."
	}
	var left, right []string
	said := map[string]bool{}
	for _, r := range rows {
		if r.Unit == "" || said[r.Unit] {
			continue
		}
		said[r.Unit] = true
		switch r.Better {
		case results.Lower:
			left = append(left, clip(r.Unit, maxText))
		case results.Higher:
			right = append(right, clip(r.Unit, maxText))
		}
	}
	caption := fmt.Sprintf("Ratio of %s with its interval", strings.Join(units, ", "))
	if len(left) > 0 {
		caption += "; left of 1 is better than the baseline in " + strings.Join(left, ", ")
	}
	if len(right) > 0 {
		caption += "; right of 1 is better than the baseline in " + strings.Join(right, ", ")
	}
	return caption + "."
}

// unitsOf returns the units that rows are compared in, in order of first appearance.
func unitsOf(rows []results.Comparison) []string {
	var units []string
	seen := map[string]bool{"": true}
	for _, r := range rows {
		if !seen[r.Unit] {
			seen[r.Unit] = true
			units = append(units, r.Unit)
		}
	}
	return units
}
