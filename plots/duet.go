package plots

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"

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
	Base, Head, Interval, Pairs string // "" where a side has no numbers
	Least                       string // its floor
	Direction                   string // ", worse" or ", better", for an outcome that has one
	Detail                      string // what the ratio is of, where the medians have another one
}

// duetRows returns the rows of a duet: both sides, and their ratio. What a row does not
// have stays blank.
func duetRows(rows []results.Comparison) (out []duetRow) {
	for _, c := range rows {
		row := duetRow{Comparison: c}
		if !c.Alone() && c.N > 0 {
			show := figures(c.Unit)
			row.Base, row.Head, row.Pairs = show(c.OldMedian), show(c.NewMedian), strconv.Itoa(c.N)
		}
		if c.HasRatio() && c.N > 0 {
			row.Detail = c.OfMedians()
			row.Interval = times(c.Ratio) + " (" + times(c.Low) + " to " + times(c.High) + ")"
		}
		if c.Floor > 0 {
			row.Least = fmt.Sprintf("%.1f %%", 100*c.Floor)
		}
		switch {
		case c.Regression():
			row.Direction = ", worse"
		case c.Improvement():
			row.Direction = ", better"
		}
		out = append(out, row)
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
	if !slices.ContainsFunc(rows, results.Comparison.HasRatio) {
		return nil
	}
	chart := Forest("Head over base", rows)
	svg, err := chart.svg(nil)
	if err != nil {
		return err
	}
	p.Forest = &picture{chart.Title, chart.Caption, template.HTML(inline(svg))} // #nosec: our own drawing
	return nil
}
