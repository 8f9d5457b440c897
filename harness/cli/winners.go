package cli

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/contendbench/contend/results"
)

// columns is the width that the text for a terminal keeps.
const columns = 100

// printWinners prints which rows no other beats at each point, with what they were
// measured at, the runner-up, and the rows that cannot win. Where nothing can be said, it
// says why.
func printWinners(out io.Writer, verdicts []results.Verdict) {
	if len(verdicts) == 0 {
		return
	}
	unclear := verdicts[0].Unclear
	if unclear != "" && !slices.ContainsFunc(verdicts, func(v results.Verdict) bool { return v.Unclear != unclear }) {
		printWrapped(out, "", "No winner is named at any point: "+unclear+".")
		return
	}
	fmt.Fprintln(out, "NOT BEATEN BY ANY OTHER")
	for _, v := range verdicts {
		printWrapped(out, "", v.Point)
		for _, line := range winnerLines(v) {
			printWrapped(out, "  ", line)
		}
	}
}

// winnerLines says what is known of a point's winners, in a line each.
func winnerLines(v results.Verdict) (lines []string) {
	if v.Unclear != "" {
		return []string{"no winner: " + v.Unclear}
	}
	best := bestOf(v)
	for _, r := range v.Rows {
		switch {
		case !best[r.Impl]:
		case r.Impl == v.Best[0]:
			lines = append(lines, fmt.Sprintf("%s: %s", r.Impl, amount(r)))
		default:
			lines = append(lines, fmt.Sprintf("%s: %s, not distinguished (%s)", r.Impl, amount(r), ratio(r)))
		}
	}
	if next, ok := runnerUp(v); ok {
		lines = append(lines, fmt.Sprintf("next %s: %s, %s", next.Impl, amount(next), ratio(next)))
	}
	for _, r := range v.Rows {
		if r.Out != "" {
			lines = append(lines, fmt.Sprintf("out %s: %s", r.Impl, r.Out))
		}
	}
	if missing := v.Measured.Missing(); missing != "" {
		lines = append(lines, missing)
	}
	return lines
}

// runnerUp returns the best row that is beaten. Rows that cannot win are no runner-up.
func runnerUp(v results.Verdict) (results.RowVerdict, bool) {
	best := bestOf(v)
	i := slices.IndexFunc(v.Rows, func(r results.RowVerdict) bool {
		return !r.Control && r.Out == "" && !best[r.Impl]
	})
	if i < 0 {
		return results.RowVerdict{}, false
	}
	return v.Rows[i], true
}

// bestOf returns the implementations that no other beats at a point.
func bestOf(v results.Verdict) map[string]bool {
	best := map[string]bool{}
	for _, impl := range v.Best {
		best[impl] = true
	}
	return best
}

// amount writes a row's median with its unit and its interval.
func amount(r results.RowVerdict) string {
	text := fmt.Sprintf("%.4g %s", r.Value.Median, r.Unit)
	if r.Value.N > 1 {
		text += fmt.Sprintf(" (%.4g to %.4g)", r.Value.Low, r.Value.High)
	}
	return text
}

// ratio writes a row's ratio to the winner, which is that of their rounds.
func ratio(r results.RowVerdict) string {
	if math.IsNaN(r.Ratio) {
		return "no ratio"
	}
	return fmt.Sprintf("%.3g times in the same rounds, %.3g to %.3g", r.Ratio, r.Low, r.High)
}

// printWrapped prints a text in lines of at most columns characters. Further lines are
// indented by four more.
func printWrapped(out io.Writer, indent, text string) {
	for _, line := range wrapped(text, columns-len(indent)) {
		fmt.Fprintln(out, indent+line)
	}
}

func wrapped(text string, width int) (lines []string) {
	const hang = "    "
	for utf8.RuneCountInString(text) > width {
		runes := []rune(text)
		at := width
		if i := strings.LastIndexAny(strings.TrimRight(string(runes[:width]), " /"), " /"); i > len(hang) {
			at = utf8.RuneCountInString(string(runes[:width])[:i+1])
		}
		lines = append(lines, strings.TrimRight(string(runes[:at]), " "))
		text = hang + strings.TrimLeft(string(runes[at:]), " ")
	}
	return append(lines, text)
}
