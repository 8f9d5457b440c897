package plots

import (
	"fmt"
	"iter"
	"slices"

	"github.com/contendbench/contend/results"
)

// maxCharts bounds the size of a report and the time to make it. The report says if it is
// reached.
const maxCharts = 60

// material is what the charts of all sections share.
type material struct {
	ratios   map[string][]results.Comparison // of every row with the baseline, by point
	verdicts map[string]*results.Verdict     // by point
}

// Charts returns the charts of a run, at most maxCharts of them. Its workloads share the
// number.
func Charts(run *results.Run) []Chart {
	run = bySide(run)
	o := results.Options{}
	return charts(run, sections(run, o), results.Verdicts(run, o), o)
}

func charts(run *results.Run, sections []section, verdicts []results.Verdict, o results.Options) []Chart {
	m := material{ratios: map[string][]results.Comparison{}, verdicts: map[string]*results.Verdict{}}
	for _, c := range results.WithinRun(run, o) {
		m.ratios[c.Name] = append(m.ratios[c.Name], c)
	}
	for i, v := range verdicts {
		m.verdicts[v.Point] = &verdicts[i]
	}
	var all []iter.Seq[Chart]
	for i, s := range sections {
		all = append(all, s.charts(i, m))
	}
	var out []Chart
	for c := range inTurns(all) {
		if out = append(out, c); len(out) == maxCharts {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b Chart) int { return slices.Compare(a.place[:], b.place[:]) })
	seen := map[string]int{}
	for i := range out { // names may differ only in characters that a file name cannot have
		name := out[i].Name
		if seen[name]++; seen[name] > 1 {
			out[i].Name = fmt.Sprintf("%s-%d", name, seen[name])
		}
	}
	return out
}

// charts makes a section's charts. It alternates between kinds, so that a few charts show
// as much as they can.
func (s section) charts(number int, m material) iter.Seq[Chart] {
	var kinds []iter.Seq[Chart]
	for kind, made := range []iter.Seq[Chart]{
		s.winners(m), s.scaling(), s.ratios(m), slices.Values(s.timelines()), s.points(),
	} {
		kinds = append(kinds, func(yield func(Chart) bool) {
			for c := range made {
				if c.plot == nil { // there is nothing to draw
					continue
				}
				c.Section, c.place = s.key(), [2]int{number, kind}
				if !yield(c) {
					return
				}
			}
		})
	}
	return inTurns(kinds)
}

// inTurns takes one element of each sequence in turn, until all have ended.
func inTurns[T any](all []iter.Seq[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		var left []func() (T, bool)
		for _, seq := range all {
			next, stop := iter.Pull(seq)
			defer stop()
			left = append(left, next)
		}
		for len(left) > 0 {
			var more []func() (T, bool)
			for _, next := range left {
				v, ok := next()
				if !ok {
					continue
				}
				if !yield(v) {
					return
				}
				more = append(more, next)
			}
			left = more
		}
	}
}
