package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/contendbench/contend/results"
)

// compared is a row in the output of compare --json. The names of its fields are stable.
// A row without a ratio, or without numbers on a side, has null there.
type compared struct {
	Name      string   `json:"name"`
	Old       string   `json:"old"`
	New       string   `json:"new"`
	Unit      string   `json:"unit"`
	Better    string   `json:"better"` // which direction is: lower, higher or unknown
	N         int      `json:"n"`
	Paired    bool     `json:"paired"`
	OldMedian *float64 `json:"old_median"`
	NewMedian *float64 `json:"new_median"`
	Ratio     *float64 `json:"ratio"`
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
	P         float64  `json:"p"`
	PAdjusted float64  `json:"p_adjusted"`
	Floor     float64  `json:"floor"`
	Outcome   string   `json:"outcome"`
	Worse     bool     `json:"worse"`
	Reason    string   `json:"reason"`
	Benchmath string   `json:"benchmath"`
	Warnings  []string `json:"warnings"`
}

func newCompared(r results.Comparison) compared {
	c := compared{
		Name: r.Name, Old: r.Old, New: r.New, Unit: r.Unit, Better: string(r.Better), N: r.N, Paired: r.Paired,
		P: r.P, PAdjusted: r.PAdjusted, Floor: r.Floor, Outcome: string(r.Outcome), Worse: r.Regression(),
		Reason: r.Reason, Benchmath: r.BenchDelta, Warnings: r.Warnings,
	}
	if c.Better == "" {
		c.Better = "unknown"
	}
	if !r.Alone() {
		c.OldMedian, c.NewMedian = &r.OldMedian, &r.NewMedian
	}
	if r.HasRatio() {
		c.Ratio, c.Low, c.High = &r.Ratio, &r.Low, &r.High
	}
	return c
}

func (k *comparing) print(out io.Writer, rows []results.Comparison) error {
	switch {
	case k.json:
		list := []compared{}
		for _, r := range rows {
			list = append(list, newCompared(r))
		}
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(list)
	case k.markdown:
		printMarkdown(out, rows)
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ROW\tOLD\tNEW\tN\tUNIT\tOLD\tNEW\tRATIO\tINTERVAL\tFLOOR\tOUTCOME\tBENCHMATH")
	for _, r := range rows {
		t := newTexts(r)
		fmt.Fprintln(w, strings.Join([]string{
			r.Name, dash(r.Old), dash(r.New), t.n, dash(r.Unit), t.old, t.new, t.ratio, t.interval, t.floor, t.outcome,
			dash(r.BenchDelta),
		}, "\t"))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, warning := range warnings(rows) {
		fmt.Fprintln(out, warning)
	}
	return nil
}

// texts are the figures of a row as a table shows them.
type texts struct{ n, old, new, ratio, interval, floor, outcome string }

func newTexts(r results.Comparison) texts {
	t := texts{"-", "-", "-", "-", "-", "-", outcome(r)}
	if r.Alone() {
		return t
	}
	t.n, t.old, t.new = fmt.Sprint(r.N), fmt.Sprintf("%.4g", r.OldMedian), fmt.Sprintf("%.4g", r.NewMedian)
	if r.HasRatio() {
		t.ratio, t.interval = fmt.Sprintf("%.3f", r.Ratio), fmt.Sprintf("%.3f to %.3f", r.Low, r.High)
	}
	if r.Floor > 0 {
		t.floor = fmt.Sprintf("%.1f %%", 100*r.Floor)
	}
	return t
}

// outcome is the row's outcome, with the direction of a difference. The reason stands
// beside it if the figures alone suggest another one.
func outcome(r results.Comparison) string {
	text := string(r.Outcome)
	switch {
	case r.Regression():
		text += ", worse"
	case r.Improvement():
		text += ", better"
	}
	few := r.Outcome == results.Inconclusive && (r.Late != "" || r.N < 8 || !r.HasRatio() || r.Low > 1 || r.High < 1)
	if few || r.Alone() || r.Exact || r.Outcome == results.Different && r.NoRatio {
		text += ": " + r.Reason
	}
	return text
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// warnings returns the distinct warnings of rows, each with the number of rows that have
// it.
func warnings(rows []results.Comparison) []string {
	count := map[string]int{}
	var order []string
	for _, r := range rows {
		for _, w := range r.Warnings {
			if count[w]++; count[w] == 1 {
				order = append(order, w)
			}
		}
	}
	var out []string
	for _, w := range order {
		out = append(out, fmt.Sprintf("note: %s (%d of %d rows)", w, count[w], len(rows)))
	}
	return out
}

func printMarkdown(out io.Writer, rows []results.Comparison) {
	units := map[string]bool{}
	for _, r := range rows {
		units[r.Unit] = true
	}
	fmt.Fprintf(out, "| row | old → new | n | ratio | interval | outcome |\n|---|---|---:|---:|---|---|\n")
	for _, r := range rows {
		mark := ""
		if r.Outcome == results.Different {
			mark = "**"
		}
		t, name := newTexts(r), r.Name
		if len(units) > 1 && r.Unit != "" {
			name += ", " + r.Unit
		}
		if !r.HasRatio() && !r.Alone() {
			t.ratio = t.old + " → " + t.new
		}
		fmt.Fprintf(out, "| %s | %s → %s | %s | %s%s%s | %s | %s%s%s |\n",
			cellText(name), cellText(dash(r.Old)), cellText(dash(r.New)), t.n, mark, t.ratio, mark, t.interval,
			mark, cellText(t.outcome), mark)
	}
	for _, warning := range warnings(rows) {
		fmt.Fprintf(out, "\n%s\n", cellText(warning))
	}
}

// cellText makes a name from a results file safe in a Markdown table.
func cellText(s string) string {
	return escapes.Replace(s)
}

// escapes are the characters that have a meaning in a Markdown table.
var escapes = strings.NewReplacer("![", "!\\[", "|", "\\|", "<", "&lt;", ">", "&gt;", "\n", " ", "`", "'")
