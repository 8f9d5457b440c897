package cli

import (
	"cmp"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

func (a *app) duetCommand() *cobra.Command {
	var sel selecting
	var run running
	var k comparing
	var threshold, pkg string
	var fail bool
	var names []string
	c := &cobra.Command{
		Use:   "duet BASE [HEAD]",
		Short: "Measure two revisions or two binaries in the same rounds, and gate on the difference",
		Long: `Duet runs every cell on both sides, next to each other and in random order, so that machine noise
affects both sides equally. A side is an executable or a git revision, which is built in a temporary work tree.
Without HEAD, this executable is the second side.

The order of functions in an executable changes its speed. So every round links revisions anew, in random order,
and runs the base twice: no difference within what two layouts of the base show is claimed.`,
		Example: `  contend duet origin/main --pattern mutex --threshold 3% --fail
  contend duet ./contend-old ./contend-new --markdown`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := run.check(); err != nil {
				return err
			}
			limit, err := percent("threshold", threshold)
			if err != nil {
				return err
			}
			options, err := k.options()
			if err != nil {
				return err
			}
			preset, plan, err := a.gated(&sel, names, options.Unit, fail)
			if err != nil {
				return err
			}
			if preset, err = a.enough(plan, preset, &run, &options, fail); err != nil {
				return err
			}
			d, err := a.sides(c.Context(), pkg, args, run.layouts)
			if err != nil {
				return err
			}
			defer d.close(c.Context())
			journal, err := a.start(preset.Name, run)
			if err != nil {
				return err
			}
			done, err := a.duet(c, d, &sel, names, plan, preset, run, journal)
			if err != nil {
				return err
			}
			judged := a.judge(done, k, options, limit, fail)
			return cmp.Or(a.ended(done, fail), judged) // one that was interrupted may have no row
		},
	}
	sel.flags(c, "quick")
	run.flags(c)
	k.flags(c)
	f := c.Flags()
	f.StringArrayVar(&names, "pattern", nil, "only this pattern or contract (repeatable)")
	f.StringVar(&threshold, "threshold", "3%", "a row is a regression if it is different and worse by more than this")
	f.BoolVar(&fail, "fail", false,
		"exit with status 1 on a regression, a failed check, and a row that one side lacks or that could not be judged")
	f.StringVar(&pkg, "package", defaultPackage(), "main package to build from a git revision")
	return c
}

// defaultPackage returns this project's command if the working tree has it, and otherwise
// the package in the current folder.
func defaultPackage() string {
	const own = "./harness/cmd/contend"
	if _, err := os.Stat(own); err == nil {
		return own
	}
	return "."
}

// duet runs the plan and returns its results.
func (a *app) duet(
	c *cobra.Command, d *duetSides, sel *selecting, names []string, plan rounds.Plan, preset rounds.Preset, run running,
	journal *results.Journal,
) (*results.Run, error) {
	defer journal.Release()
	options, err := run.options(preset, journal.Info())
	if err != nil {
		return nil, err
	}
	set, err := d.set(journal.Info().Seed)
	if err != nil {
		return nil, err
	}
	defer set.Close()
	options.Link = set.Round
	if journal.Info().OneLayout = d.oneLayout(); journal.Info().OneLayout != "" {
		fmt.Fprintf(a.err, "contend: %s\n", journal.Info().OneLayout)
	}
	lacks, err := a.compareTables(c.Context(), d, set, sel, names)
	if err != nil {
		return nil, err
	}
	journal.Info().OnlyBase = lacks.base
	plan = plan.Duet(d.base.run(), d.again.run(), d.head.run()).Without(func(j rounds.Job) bool {
		return j.Side != results.Head && lacks.head(j.Cell)
	})
	bar := newProgress(a.err)
	options.Progress = bar.show
	state, err := rounds.Run(c.Context(), plan, journal, nil, options)
	bar.end()
	journal.Info().State = state
	if closeErr := journal.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	return results.Open(journal.Dir())
}
