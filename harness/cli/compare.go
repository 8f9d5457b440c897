package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/rounds"
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
	if !(k.alpha > 0 && k.alpha < 1) { // NaN is in no range
		return results.Options{}, fmt.Errorf("--alpha %v: want a rate between 0 and 1, such as 0.01", k.alpha)
	}
	if k.json && k.markdown {
		return results.Options{}, errors.New("--json with --markdown: want one of the two")
	}
	return results.Options{Alpha: k.alpha, Margin: margin, Unit: k.unit, MinPairs: 8}, nil
}

// inUnit returns the options with the unit as the runs spell it: --unit sec/op means
// ns/op.
func inUnit(o results.Options, runs ...*results.Run) (results.Options, error) {
	if o.Unit == "" {
		return o, nil
	}
	var units []string
	for _, run := range runs {
		if unit, ok := run.Unit(o.Unit); ok {
			o.Unit = unit
			return o, nil
		}
		units = append(units, run.Units()...)
	}
	return o, fmt.Errorf("--unit %s: no row has it; %s", o.Unit, rounds.Nearest(o.Unit, units))
}

func (a *app) compareCommand() *cobra.Command {
	var k comparing
	var force bool
	var col string
	c := &cobra.Command{
		Use:   "compare RUN | compare OLD NEW",
		Short: "Compare the rows of one run with their baseline, or two runs with each other",
		Long: `Compare shows, for every row, the ratio new/old with its interval and one of three outcomes: different,
equivalent or inconclusive. It reads runs of contend, duets among them, and any output of go test -bench, also
with -json. Within one run of contend, rounds are paired. Two runs are not paired, and the machine may have
changed between them. So compare never gates; duet does.

In a file of go test, rows with different values of a key are compared: /impl unless --col says another.`,
		Example: `  contend compare results/runs/2026-11-24T10-00-00
  contend compare old/bench.txt new/bench.txt --markdown
  contend compare bench.txt --col /format`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error {
			o, err := k.options()
			if err != nil {
				return err
			}
			if err := two(args); err != nil {
				return err
			}
			var runs []*results.Run
			for _, path := range args {
				run, err := results.OpenPacked(path)
				if err != nil {
					return err
				}
				runs = append(runs, a.present(run))
			}
			if o, err = inUnit(o, runs...); err != nil {
				return err
			}
			rows, err := compare(runs, col, o)
			if errors.Is(err, results.ErrMachines) && force {
				fmt.Fprintln(a.err, "contend: comparing anyway:", err)
				err = nil
			}
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				return fmt.Errorf("comparing %s: no row has a partner", strings.Join(args, " and "))
			}
			if err := k.print(a.out, rows); err != nil {
				return err
			}
			k.close(a.out, closing(rows, o, runs...))
			return nil
		},
	}
	k.flags(c)
	f := c.Flags()
	f.BoolVar(&force, "force", false, "compare results of different machines or Go versions anyway")
	f.StringVar(&col, "col", "", "in a file of go test, compare the values of this key: /format, .name, pkg")
	return c
}

// two returns an error if two paths name one file or one folder.
func two(paths []string) error {
	if len(paths) < 2 {
		return nil
	}
	var infos []os.FileInfo
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		infos = append(infos, info)
	}
	if os.SameFile(infos[0], infos[1]) {
		return fmt.Errorf("comparing %s with itself: want two runs", paths[0])
	}
	return nil
}

// compare compares two runs, the sides of a duet, or the rows of one run.
func compare(runs []*results.Run, col string, o results.Options) ([]results.Comparison, error) {
	run := runs[0]
	switch {
	case col != "" && (len(runs) > 1 || run.Own()):
		return nil, fmt.Errorf("--col %s: it is for one file of go test; want compare FILE --col KEY", col)
	case len(runs) == 2:
		return results.Across(runs[0], runs[1], o)
	case !run.Own():
		return results.Rivals(run, col, o)
	case run.Duet():
		return results.DuetOf(run, o), nil
	}
	return results.WithinRun(run, o), nil
}

// close prints the text below the rows, which may quote the files.
func (k *comparing) close(out io.Writer, text string) {
	switch {
	case k.json:
	case k.markdown:
		for line := range strings.Lines(text) {
			fmt.Fprintln(out, cellText(strings.TrimSuffix(line, "\n")))
		}
	default:
		fmt.Fprint(out, text)
	}
}

// closing sums rows up: how many have which outcome, which have no numbers, what failed
// according to the files, and whether all moved by one factor.
func closing(rows []results.Comparison, o results.Options, runs ...*results.Run) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s", results.Count(rows))
	var failures []string
	for _, run := range runs {
		for _, p := range run.Problems {
			if p.Failure {
				failures = append(failures, strings.TrimPrefix(p.Bench+": "+p.Text, ": "))
			}
		}
	}
	if len(failures) > 0 {
		fmt.Fprintf(&b, "; %d failures in the files: %s", len(failures), strings.Join(failures, ", "))
	}
	b.WriteString("\n")
	for _, c := range results.CommonFactors(rows, o) {
		fmt.Fprintf(&b, "all %d rows moved by about one factor, %.2f in %s", c.Rows, c.Factor, c.Unit)
		if !c.Paired { // pairs exclude it
			b.WriteString(": a change of the machine would look the same")
		}
		b.WriteString("\n")
	}
	return b.String()
}
