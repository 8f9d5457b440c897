package cli

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/template"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// printGuides prints the guides of suites, with the figures of a run.
func printGuides(out io.Writer, run *results.Run, suites []harness.Suite) error {
	g := guide{run, results.Verdicts(run, results.Options{})}
	for _, s := range suites {
		if s.Guide == "" {
			continue
		}
		figures := template.FuncMap{
			"best": g.best, "times": g.times, "median": g.median, "processors": g.processors, "share": g.share,
		}
		t, err := template.New(s.Title()).Funcs(figures).Parse(s.Guide)
		if err != nil {
			return fmt.Errorf("the guide of %s: %w", s.Title(), err)
		}
		fmt.Fprintln(out)
		if err := t.Execute(out, nil); err != nil {
			return fmt.Errorf("the guide of %s: %w", s.Title(), err)
		}
	}
	return nil
}

// A guide finds the figures of a run that a guide's text asks for. A place is a workload
// and parameters: "mix theta=0.99 yields=16".
type guide struct {
	run      *results.Run
	verdicts []results.Verdict
}

// What a guide says in place of a figure.
const (
	unmeasuredFigure = "(not measured)"
	unclearFigure    = "(not certain in this run)"
)

// at reports whether a cell is at a place.
func at(c results.Cell, place string) bool {
	for i, word := range strings.Fields(place) {
		key, want, _ := strings.Cut(word, "=")
		have, ok := c.Get(key)
		if i == 0 && c.Work != word || i > 0 && (!ok || !same(have, want)) {
			return false
		}
	}
	return true
}

// verdict returns the only verdict at a place, or what to say instead.
func (g guide) verdict(place string) (v results.Verdict, lacks string) {
	var found []results.Verdict
	for _, v := range g.verdicts {
		if c, err := results.ParseName(v.Point); err == nil && at(c, place) {
			found = append(found, v)
		}
	}
	switch {
	case len(found) != 1:
		return v, unmeasuredFigure
	case found[0].Unclear != "":
		return v, unclearFigure
	}
	return found[0], ""
}

// best lists what no other beats at a place.
func (g guide) best(place string) string {
	v, lacks := g.verdict(place)
	if lacks != "" {
		return lacks
	}
	return strings.Join(v.Best, ", ")
}

// times writes how many times as long an implementation takes as the first of the best, in
// the same rounds.
func (g guide) times(impl, place string) string {
	v, lacks := g.verdict(place)
	i := slices.IndexFunc(v.Rows, func(r results.RowVerdict) bool { return r.Impl == impl })
	switch {
	case lacks != "":
		return lacks
	case i < 0:
		return unmeasuredFigure
	case impl == v.Best[0]:
		return "1"
	case math.IsNaN(v.Rows[i].Ratio):
		return unclearFigure
	}
	return fmt.Sprintf("%.3g (%.3g to %.3g)", v.Rows[i].Ratio, v.Rows[i].Low, v.Rows[i].High)
}

// median writes the median of a unit for an implementation at a place.
func (g guide) median(impl, unit, place string) string {
	return g.figure(impl, place, "%.3g", func(r results.Row) results.Sample { return r.Estimate(unit) })
}

// processors writes how many processors an implementation keeps busy at a place.
func (g guide) processors(impl, place string) string {
	return g.figure(impl, place, "%.2g", func(r results.Row) results.Sample {
		var busy []float64
		for _, t := range r.Good {
			cpu, timed := t.Values["cpu-ns/op"]
			if wall := t.Values["ns/op"]; timed && wall > 0 {
				busy = append(busy, cpu/wall)
			}
		}
		return results.Summarize(busy)
	})
}

// figure writes the median of a sample of the only row of an implementation at a place.
func (g guide) figure(impl, place, format string, sample func(results.Row) results.Sample) string {
	text := unmeasuredFigure
	for _, r := range g.run.Rows() {
		if r.Impl != impl || !at(r.Cell, place) {
			continue
		}
		s := sample(r)
		if s.N == 0 {
			continue
		}
		if text != unmeasuredFigure {
			return unmeasuredFigure // at several points
		}
		text = fmt.Sprintf(format, s.Median)
	}
	return text
}

// share writes what percentage of an implementation's CPU profile at a place is spent in a
// function and what it calls.
func (g guide) share(impl, function, place string) string {
	for _, p := range g.run.Info.Profiles {
		c, err := results.ParseName(p.Cell)
		if err != nil || p.Kind != "cpu" || c.Impl != impl || !at(c, place) {
			continue
		}
		for _, t := range p.Top {
			if t.Function == function {
				return fmt.Sprintf("%.0f", 100*t.Cum)
			}
		}
	}
	return unmeasuredFigure
}
