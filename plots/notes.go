package plots

import (
	"fmt"
	"strconv"

	"github.com/contendbench/contend/results"
)

// regimeNote shows both medians of a row whose trials met two regimes of the machine.
func regimeNote(row results.Row, near func(results.Trial) bool) []string {
	var fast, slow []float64
	for _, t := range row.Good {
		if near(t) {
			fast = append(fast, t.Values["ns/op"])
		} else {
			slow = append(slow, t.Values["ns/op"])
		}
	}
	if len(fast) == 0 || len(slow) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("cores near: %.4g ns in %d trials; cores far: %.4g ns in %d",
		results.Summarize(fast).Median, len(fast), results.Summarize(slow).Median, len(slow))}
}

func short(v float64) string { return fmt.Sprintf("%.3g", v) }

// notes are what a reader must know before he believes the row.
func notes(row results.Row, ns results.Sample, cores int) []string {
	var out []string
	for _, key := range crowds {
		text, _ := row.Get(key)
		n, err := strconv.Atoi(text)
		if err != nil {
			continue
		}
		if cores > 0 && n > cores {
			out = append(out, "oversubscribed")
		}
		if active := row.Sample("active"); active.N > 0 && active.Median < float64(n)/2 {
			out = append(out, fmt.Sprintf("only %.0f of %d workers made a turn in a window", active.Median, n))
		}
	}
	if m := results.SplitRegimes(ns.Values); m.Two {
		out = append(out, fmt.Sprintf("two regimes: %.4g ns in %.0f %% of trials, %.4g ns in the others", m.Low.Median, 100*m.Low.Share, m.High.Median))
	}
	if ns.Outliers > 0 {
		out = append(out, fmt.Sprintf("%d of %d trials far from the median", ns.Outliers, ns.N))
	}
	if kept := row.Sample("kept-rate"); kept.N > 0 && kept.Median < 0.95 {
		out = append(out, fmt.Sprintf("the rate was not kept: %.0f %% of it", 100*kept.Median))
	}
	return out
}
