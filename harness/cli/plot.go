package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// place returns where a command writes what it makes of a run: into its folder, or beside
// its file under a name that begins as the file's does.
func place(run *results.Run, name string) string {
	if info, err := os.Stat(run.Path); err == nil && info.IsDir() {
		return filepath.Join(run.Path, name)
	}
	return strings.TrimSuffix(run.Path, filepath.Ext(run.Path)) + "." + name
}

func (a *app) plotCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "plot RUN",
		Short: "Draw a run's charts as SVG and PNG",
		Example: `  contend plot results/runs/2026-11-24T10-00-00 --out charts
  contend plot bench.txt`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			run, err := a.open(args[0])
			if err != nil {
				return err
			}
			charts := drawn(run)
			if len(charts) == 0 {
				return fmt.Errorf("plotting %s: there is nothing to draw, since no row has a positive number", run.Path)
			}
			if out, err = chartFolder(run, out); err != nil {
				return err
			}
			for _, chart := range charts {
				var files []string
				err := a.saving(func() (err error) {
					files, err = chart.Save(out)
					return err
				})
				if err != nil {
					return err
				}
				for _, f := range files {
					fmt.Fprintln(a.out, f)
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder for the charts (default: RUN/plots, or FILE.plots)")
	return c
}

// chartFolder returns the folder for a run's charts: out, or the usual one.
func chartFolder(run *results.Run, out string) (string, error) {
	if info, err := os.Stat(run.Path); out == "" && err == nil && info.IsDir() {
		return results.Subfolder(run.Path, "plots")
	}
	out = cmp.Or(out, place(run, "plots"))
	return out, claim(out, plots.Drawn)
}

// drawn returns a run's charts, with the ratios of a duet or of a file's rivals.
func drawn(run *results.Run) []plots.Chart {
	charts := plots.Charts(run)
	title, rows := "Head over base", results.DuetOf(run, results.Options{})
	if !run.Own() {
		title = "Ratios to the first"
		var err error
		if rows, err = results.Rivals(run, "", results.Options{}); err != nil { // nothing in it is a rival
			return charts
		}
	}
	for _, r := range rows {
		if r.HasRatio() {
			return append(charts, plots.Forest(title, rows))
		}
	}
	return charts
}

func (a *app) reportCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "report RUN",
		Short: "Write a run's report as one self-contained HTML file",
		Example: `  contend report results/runs/2026-11-24T10-00-00
  contend report bench.txt --out bench.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			run, err := a.open(args[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = place(run, "report.html")
			}
			if err := a.saveReport(run, out); err != nil {
				return err
			}
			fmt.Fprintln(a.out, out)
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "file for the report (default: RUN/report.html, or FILE.report.html)")
	return c
}
