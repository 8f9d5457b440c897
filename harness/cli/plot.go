package cli

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

func (a *app) plotCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:     "plot RUN",
		Short:   "Draw a run's charts as SVG and PNG",
		Example: `  contend plot results/runs/2026-11-24T10-00-00 --out charts`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			run, err := a.open(args[0])
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(run.Path, "plots")
			}
			charts := plots.Charts(run)
			if rows := results.DuetOf(run, results.Options{}); len(rows) > 0 {
				charts = append(charts, plots.Forest("Head over base", rows))
			}
			for _, chart := range charts {
				files, err := chart.Save(out)
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
	c.Flags().StringVar(&out, "out", "", "folder for the charts (default: RUN/plots)")
	return c
}

func (a *app) reportCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "report RUN",
		Short:   "Write a run's report as one self-contained HTML file",
		Example: `  contend report results/runs/2026-11-24T10-00-00`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			run, err := a.open(args[0])
			if err != nil {
				return err
			}
			if err := writeReport(run); err != nil {
				return err
			}
			fmt.Fprintln(a.out, filepath.Join(run.Path, "report.html"))
			return nil
		},
	}
}
