package plots

import (
	"fmt"

	"github.com/contendbench/contend/results"
)

// notes are what a reader must know before believing a row.
func (s section) notes(row results.Row, near func(results.Trial) bool) []string {
	var out []string
	sample := row.Estimate(s.rank.Unit)
	n := s.info.Goroutines(row)
	if s.oversubscribed(row) {
		out = append(out, "oversubscribed")
	}
	if few := row.FewTurns(); few != "" && s.byTime() {
		out = append(out, few)
	}
	if active := row.Sample("active"); s.allCount && active.N > 0 && active.Median < float64(n)/2 {
		out = append(out, fmt.Sprintf("only %.0f of %d workers made a turn in a window", active.Median, n))
	}
	if m := results.SplitRegimes(sample.Values); m.Two {
		out = append(out, fmt.Sprintf("two regimes: %s in %.0f %% of trials, %s in the others",
			s.amount(m.Low.Median), 100*m.Low.Share, s.amount(m.High.Median)))
	}
	if sample.Outliers > 0 {
		out = append(out, fmt.Sprintf("%d of %d trials far from the median", sample.Outliers, sample.N))
	}
	if kept := row.Sample("kept-rate"); kept.N > 0 && kept.Median < 0.95 {
		out = append(out, fmt.Sprintf("the rate was not kept: only %.0f %% of it", 100*kept.Median))
	}
	if late := row.LoadLate(); late != "" {
		out = append(out, "no latency verdict: "+late)
	}
	out = append(out, s.around.worse(row)...)
	return append(out, s.regimeNote(row, near)...)
}

// regimeNote shows both medians of a row if the machine had two regimes during its
// trials.
func (s section) regimeNote(row results.Row, near func(results.Trial) bool) []string {
	var fast, slow []float64
	for _, t := range row.Good {
		v, ok := t.Values[s.rank.Unit]
		switch {
		case !ok:
		case near(*t):
			fast = append(fast, v)
		default:
			slow = append(slow, v)
		}
	}
	if len(fast) == 0 || len(slow) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("cores near: %s in %d trials; cores far: %s in %d",
		s.amount(results.Median(fast)), len(fast), s.amount(results.Median(slow)), len(slow))}
}

// amount writes a value of the metric that ranks the rows.
func (s section) amount(v float64) string {
	if s.byTime() {
		return fmt.Sprintf("%.4g ns", v)
	}
	return fmt.Sprintf("%.4g %s", v, s.rank.Unit)
}

// countsAll reports whether all goroutines of a workload have counted turns, as far as
// the rows show. If goroutines have roles, only turns of the first role count.
func countsAll(info results.WorkInfo, rows []results.Row) bool {
	for _, r := range rows {
		n := info.Goroutines(r)
		if n > 1 && results.Median(r.Values("active")) >= float64(n) {
			return true
		}
	}
	return false
}
