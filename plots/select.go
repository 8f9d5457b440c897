package plots

import (
	"fmt"
	"iter"
	"slices"

	"github.com/contendbench/contend/results"
)

// mostCharts bounds the size of a report and the time to make it; the report says when it was reached.
const mostCharts = 60

// material is what the charts of all sections are made from.
type material struct {
	run      *results.Run
	looks    map[string]map[string]style // contract → implementation
	ratios   []results.Comparison        // of every row with the baseline of its point
	verdicts map[string]*results.Verdict // by point
}

// Charts returns the charts of a run, at most mostCharts of them, shared out among its workloads.
func Charts(run *results.Run) []Chart {
	return charts(run, results.Verdicts(run, results.Options{}), results.Options{})
}

func charts(run *results.Run, verdicts []results.Verdict, o results.Options) []Chart {
	m := material{run: run, looks: styles(run), ratios: results.WithinRun(run, o), verdicts: map[string]*results.Verdict{}}
	for i, v := range verdicts {
		m.verdicts[v.Point] = &verdicts[i]
	}
	var all []iter.Seq[Chart]
	for i, s := range sections(run) {
		all = append(all, s.charts(i, m))
	}
	var out []Chart
	for c := range inTurns(all) {
		if out = append(out, c); len(out) == mostCharts {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b Chart) int { return slices.Compare(a.place[:], b.place[:]) })
	seen := map[string]int{}
	for i := range out { // names may differ in signs only that a file's name cannot have
		name := out[i].Name
		if seen[name]++; seen[name] > 1 {
			out[i].Name = fmt.Sprintf("%s-%d", name, seen[name])
		}
	}
	return out
}

// charts makes a section's charts, the kinds in turns, so that a few of them show as much as they can.
func (s section) charts(number int, m material) iter.Seq[Chart] {
	var kinds []iter.Seq[Chart]
	for kind, made := range []iter.Seq[Chart]{s.winners(m), s.scaling(m), s.ratios(m), slices.Values(s.timelines(m.looks[s.contract])), s.points(m)} {
		kinds = append(kinds, func(yield func(Chart) bool) {
			for c := range made {
				if c.plot == nil { // there was nothing to draw
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

// inTurns takes one of each in turns until all have ended.
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
