package plots

import (
	"html/template"

	"github.com/contendbench/contend/results"
)

// bySide returns a run in which the side of a duet is a parameter of its rows, as it is in
// bench.txt. Rows of different sides are then at different points. Any other run stays as
// it is.
func bySide(run *results.Run) *results.Run {
	out := *run
	out.Trials = nil
	sides := false
	for _, t := range run.Trials {
		if t.Side != "" {
			sides = true
			t.Params = append([]results.Param{{Key: "side", Value: t.Side}}, t.Params...)
			t.Side = ""
		}
		out.Trials = append(out.Trials, t)
	}
	if !sides {
		return run
	}
	return &out
}

// duetRow is a row of the table of a duet.
type duetRow struct {
	results.Comparison
	Base, Head, Interval string
	Detail               string // what the ratio is of, where the medians have another one
}

// duetRows returns the rows of a duet: both sides, and their ratio.
func duetRows(rows []results.Comparison) (out []duetRow) {
	for _, c := range rows {
		show := figures(c.Unit)
		out = append(out, duetRow{
			Comparison: c, Base: show(c.OldMedian), Head: show(c.NewMedian), Detail: c.OfMedians(),
			Interval: times(c.Ratio) + " (" + times(c.Low) + " to " + times(c.High) + ")",
		})
	}
	return out
}

// fillDuet adds the comparison of both sides if the run is a duet.
func (p *page) fillDuet(o results.Options) error {
	rows := results.DuetOf(p.Run, o)
	if len(rows) == 0 {
		return nil
	}
	p.Duet = duetRows(rows)
	chart := Forest("Head over base", rows)
	svg, err := chart.svg(nil)
	if err != nil {
		return err
	}
	p.Forest = &picture{chart.Title, chart.Caption, template.HTML(inline(svg))} // #nosec: our own drawing
	return nil
}
