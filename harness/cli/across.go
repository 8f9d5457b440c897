package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// printAcross prints a table of the points that several suites share, with the best
// implementation of each. They are other answers to one question.
func printAcross(out io.Writer, run *results.Run, suites []harness.Suite) {
	if len(suites) < 2 {
		return
	}
	titled := false
	for _, v := range results.Verdicts(run, results.Options{}) {
		best := make([]string, len(suites))
		shown := 0
		for i, s := range suites {
			if best[i] = bestIn(v, s); best[i] != "" {
				shown++
			}
		}
		if v.Contract != suites[0].Contract || v.Unclear != "" || shown < 2 {
			continue
		}
		if !titled {
			titled = true
			fmt.Fprintf(out, "\n## Side by side\n\nThe best of each at the points that they share, and how many times as much it takes "+
				"as the best of all, in the same rounds.\n\n| point |")
			for _, s := range suites {
				fmt.Fprintf(out, " %s |", s.Title())
			}
			fmt.Fprintf(out, "\n|---%s|\n", strings.Repeat("|---", len(suites)))
		}
		fmt.Fprintf(out, "| %s, %s |", v.Work, point(v))
		for _, b := range best {
			fmt.Fprintf(out, " %s |", cellText(b))
		}
		fmt.Fprintln(out)
	}
}

// across says what is the best of each suite at the point of a verdict, if several share
// it.
func across(verdicts []results.Verdict, one results.Verdict, suites []harness.Suite) string {
	i := slices.IndexFunc(verdicts, func(v results.Verdict) bool { return v.Point == one.Point })
	if i < 0 || verdicts[i].Unclear != "" {
		return ""
	}
	var parts []string
	for _, s := range suites {
		if best := bestIn(verdicts[i], s); s.Contract == one.Contract && best != "" {
			parts = append(parts, fmt.Sprintf("of %s %s", s.Title(), best))
		}
	}
	if len(parts) < 2 {
		return ""
	}
	return "side by side: " + strings.Join(parts, "; ")
}

// bestIn names the best contender of a suite at a point that may win, and which promises
// of the baseline it does not make.
func bestIn(v results.Verdict, s harness.Suite) string {
	i := slices.IndexFunc(v.Rows, func(r results.RowVerdict) bool {
		_, mine := s.Card(r.Impl)
		return mine && !r.Control && r.Out == ""
	})
	if i < 0 {
		return ""
	}
	r := v.Rows[i]
	without := ""
	for _, l := range s.Loads {
		if lacks := lacking(s, l, r.Impl); l.Name == v.Work && lacks != "" {
			without = ", without " + lacks
		}
	}
	if len(v.Best) > 0 && r.Impl == v.Best[0] {
		return fmt.Sprintf("%s, %.4g %s%s", r.Impl, r.Value.Median, r.Unit, without)
	}
	return fmt.Sprintf("%s, %.3g to %.3g times as much%s", r.Impl, r.Low, r.High, without)
}
