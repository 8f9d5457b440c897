package cli

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// printChoices prints a page that says which implementation to choose at each point of a
// run. It makes the pages in the folders of impls.
func (a *app) printChoices(run *results.Run, suites []harness.Suite) error {
	out := a.out
	fmt.Fprintf(out, "# Which one to take\n\n`contend %s` wrote this page from %s.\n",
		strings.Join(a.args, " "), run.Path)
	facts := []string{"on " + day(run)}
	if m := run.Info.Machine.String(); m != "" {
		facts = append([]string{"on " + cellText(m)}, facts...)
	}
	if run.Info.Rounds > 0 {
		facts = append(facts, fmt.Sprintf("in %d rounds", run.Info.Rounds))
	}
	fmt.Fprintf(out, "It was measured %s.\nTimes on another machine differ: measure on yours.\n",
		strings.Join(facts, ", "))
	if err := printGuides(out, run, suites); err != nil {
		return err
	}
	printAcross(out, run, suites)
	for _, s := range suites {
		verdicts := a.verdictsOn(run, s)
		fmt.Fprintf(out, "\n## %s\n", s.Title())
		var measured bool
		for _, l := range s.Loads {
			other := func(v results.Verdict) bool { return v.Contract != s.Contract || v.Work != l.Name }
			of := slices.DeleteFunc(slices.Clone(verdicts), other)
			if len(of) > 0 {
				measured = true
				printChoice(out, s, l, of)
			}
		}
		if !measured {
			fmt.Fprintf(out, "\nThe run has no point of it.\n")
		}
	}
	return nil
}

// printChoice prints the table of one load, with a line for each point.
func printChoice(out io.Writer, s harness.Suite, l harness.Load, verdicts []results.Verdict) {
	fmt.Fprintf(out, "\n**%s**: %s. A turn is one %s.\n\n", l.Name, l.About, l.Turn)
	fmt.Fprintf(out, "| point | not beaten by any other | %s | next | times as much in the same rounds | cannot win | "+
		"does not promise |\n", cellText(verdicts[0].Unit))
	fmt.Fprintln(out, "|---|---|---:|---|---:|---|---|")
	notes := map[string][]string{} // what was not measured, with the points
	for _, v := range verdicts {
		if missing := v.Measured.Missing(); missing != "" {
			notes[missing] = append(notes[missing], point(v))
		}
		fmt.Fprintf(out, "| %s |", point(v))
		if v.Unclear != "" {
			fmt.Fprintf(out, " no winner: %s | | | | | |\n", cellText(v.Unclear))
			continue
		}
		best := v.Best[0]
		row := v.Rows[slices.IndexFunc(v.Rows, func(r results.RowVerdict) bool { return r.Impl == best })]
		next, ratio := "", ""
		if r, ok := runnerUp(v); ok {
			if next = cellText(r.Impl); !math.IsNaN(r.Ratio) {
				ratio = fmt.Sprintf("%.3g to %.3g", r.Low, r.High)
			}
		}
		var outs []string
		for _, r := range v.Rows {
			if r.Out != "" {
				outs = append(outs, r.Impl+": "+r.Out)
			}
		}
		fmt.Fprintf(out, " %s | %.4g | %s | %s | %s | %s |\n",
			cellText(strings.Join(v.Best, ", ")), row.Value.Median, next, ratio,
			cellText(strings.Join(outs, "; ")), cellText(lacking(s, l, best)))
	}
	printNotes(out, notes, len(verdicts))
}

// printNotes says what was not measured, and at which of the points.
func printNotes(out io.Writer, notes map[string][]string, points int) {
	for _, note := range slices.Sorted(maps.Keys(notes)) {
		where := "At each point"
		if at := notes[note]; len(at) < points {
			where = "At " + strings.Join(at, "; at ")
		}
		fmt.Fprintf(out, "\n%s: %s.\n", where, cellText(note))
	}
}

// point names a verdict's point by its parameters and GOMAXPROCS.
func point(v results.Verdict) string {
	cell, err := results.ParseName(v.Point)
	if err != nil {
		return cellText(v.Point)
	}
	var parts []string
	for _, p := range cell.Params {
		parts = append(parts, p.Key+"="+p.Value)
	}
	return cellText(strings.Join(append(parts, fmt.Sprintf("GOMAXPROCS=%d", cell.Procs)), ", "))
}

// lacking lists the promises of the load's baseline that an implementation does not make.
func lacking(s harness.Suite, l harness.Load, impl string) string {
	base, _ := s.Card(l.Baseline)
	card, ok := s.Card(impl)
	if !ok {
		return "unknown: no longer an implementation"
	}
	var missing []string
	for _, p := range base.Promises {
		if card.Lacks(p) {
			missing = append(missing, p.Name)
		}
	}
	return strings.Join(missing, ", ")
}
