package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/results"
)

// comparing holds the flags of the commands that compare.
type comparing struct {
	unit     string
	alpha    float64
	margin   string
	json     bool
	markdown bool
}

func (k *comparing) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&k.unit, "unit", "", "the metric to compare (default: what each workload ranks by, usually ns/op)")
	f.Float64Var(&k.alpha, "alpha", 0.01, "the false discovery rate over all rows")
	f.StringVar(&k.margin, "margin", "3%", "rows are equivalent if the interval of their ratio lies within this")
	f.BoolVar(&k.json, "json", false, "print an array of rows")
	f.BoolVar(&k.markdown, "markdown", false, "print a table for a pull request")
}

func (k *comparing) options() (results.Options, error) {
	margin, err := percent("margin", k.margin)
	if err != nil {
		return results.Options{}, err
	}
	if k.alpha <= 0 || k.alpha >= 1 {
		return results.Options{}, fmt.Errorf("--alpha %v: want a rate between 0 and 1, such as 0.01", k.alpha)
	}
	return results.Options{Alpha: k.alpha, Margin: margin, Unit: k.unit, MinPairs: 8}, nil
}

func (a *app) compareCommand() *cobra.Command {
	var k comparing
	var force bool
	c := &cobra.Command{
		Use:   "compare RUN | compare OLD NEW",
		Short: "Compare the implementations of one run with its baseline, or two runs with each other",
		Long: `Compare shows, for every row, the ratio new/old with its interval and one of three outcomes: different,
equivalent or inconclusive. Within one run, rounds are paired. Two runs are not paired, and the machine may
have changed between them. So compare never gates; duet does.`,
		Example: `  contend compare results/runs/2026-11-24T10-00-00
  contend compare old/bench.txt new/bench.txt --markdown`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error {
			o, err := k.options()
			if err != nil {
				return err
			}
			var runs []*results.Run
			for _, path := range args {
				run, err := a.open(path)
				if err != nil {
					return err
				}
				runs = append(runs, run)
			}
			var rows []results.Comparison
			if len(runs) == 1 {
				rows = results.WithinRun(runs[0], o)
			} else if rows, err = results.Across(runs[0], runs[1], o); errors.Is(err, results.ErrMachines) && force {
				fmt.Fprintln(a.err, "contend: comparing anyway:", err)
				err = nil
			}
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				return fmt.Errorf("comparing %s: no row has a partner", strings.Join(args, " and "))
			}
			return k.print(a.out, rows)
		},
	}
	k.flags(c)
	c.Flags().BoolVar(&force, "force", false, "compare results of different machines or Go versions anyway")
	return c
}

// compared is a row in the output of compare --json. The names of its fields are stable.
type compared struct {
	Name      string   `json:"name"`
	Old       string   `json:"old"`
	New       string   `json:"new"`
	Unit      string   `json:"unit"`
	N         int      `json:"n"`
	OldMedian float64  `json:"old_median"`
	NewMedian float64  `json:"new_median"`
	Ratio     float64  `json:"ratio"`
	Low       float64  `json:"low"`
	High      float64  `json:"high"`
	P         float64  `json:"p"`
	PAdjusted float64  `json:"p_adjusted"`
	Floor     float64  `json:"floor"`
	Outcome   string   `json:"outcome"`
	Benchmath string   `json:"benchmath"`
	Warnings  []string `json:"warnings"`
}

func (k *comparing) print(out io.Writer, rows []results.Comparison) error {
	switch {
	case k.json:
		list := []compared{}
		for _, r := range rows {
			list = append(list, compared{
				r.Name, r.Old, r.New, r.Unit, r.N, r.OldMedian, r.NewMedian, r.Ratio, r.Low, r.High, r.P, r.PAdjusted,
				r.Floor, string(r.Outcome), r.BenchDelta, r.Warnings,
			})
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
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%.4g\t%.4g\t%.3f\t%.3f to %.3f\t%.1f %%\t%s\t%s\n",
			r.Name, r.Old, r.New, r.N, r.Unit, r.OldMedian, r.NewMedian, r.Ratio, r.Low, r.High,
			100*r.Floor, r.Outcome, r.BenchDelta)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, warning := range warnings(rows) {
		fmt.Fprintln(out, warning)
	}
	return nil
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
	fmt.Fprintf(out, "| row | old → new | n | ratio | interval | outcome |\n|---|---|---:|---:|---|---|\n")
	for _, r := range rows {
		mark := ""
		if r.Outcome == results.Different {
			mark = "**"
		}
		fmt.Fprintf(out, "| %s | %s → %s | %d | %s%.3f%s | %.3f to %.3f | %s%s%s |\n",
			cellText(r.Name), cellText(r.Old), cellText(r.New), r.N, mark, r.Ratio, mark, r.Low, r.High, mark, r.Outcome, mark)
	}
	for _, warning := range warnings(rows) {
		fmt.Fprintf(out, "\n%s\n", cellText(warning))
	}
}

// cellText makes a name from a results file safe in a Markdown table.
func cellText(s string) string {
	return strings.NewReplacer("|", "\\|", "<", "&lt;", ">", "&gt;", "\n", " ", "`", "'").Replace(s)
}
