package plots

import (
	"fmt"
	"math"
	"slices"

	"github.com/contendbench/contend/results"
)

// winner is a line of the report's table of who wins where.
type winner struct {
	Point, Unit, About string
	Unclear            string   // why nothing can be said
	Best               []string // with their figures
	Next               string   // the runner-up, with its figure and ratio
	Out                []string // what cannot win, and why
	Missing            string   // what was not measured
}

// fillWinners says who wins at each point, or why nothing can be said.
func (p *page) fillWinners(verdicts []results.Verdict) {
	for _, v := range verdicts {
		w := winner{Point: v.Point, Unit: v.Unit, About: v.About, Unclear: v.Unclear, Missing: v.Measured.Missing()}
		best := map[string]bool{}
		for _, impl := range v.Best {
			best[impl] = true
		}
		for _, r := range v.Rows {
			name := fmt.Sprintf("%s, %.4g %s", r.Impl, r.Value.Median, r.Unit)
			switch {
			case best[r.Impl]:
				w.Best = append(w.Best, name)
			case w.Next == "" && !r.Control && r.Out == "":
				if w.Next = name; !math.IsNaN(r.Ratio) {
					w.Next += fmt.Sprintf(", %s (%s to %s)", times(r.Ratio), times(r.Low), times(r.High))
				}
			}
			if r.Out != "" {
				w.Out = append(w.Out, r.Impl+": "+r.Out)
			}
		}
		p.Verdicts = append(p.Verdicts, w)
	}
	if len(verdicts) > 0 {
		why := verdicts[0].Unclear
		if !slices.ContainsFunc(verdicts, func(v results.Verdict) bool { return v.Unclear != why }) {
			p.Unclear = why
		}
	}
}
