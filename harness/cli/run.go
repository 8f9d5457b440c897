package cli

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

func (a *app) runCommand() *cobra.Command {
	var sel selecting
	var run running
	var resume string
	var dry bool
	c := &cobra.Command{
		Use:   "run [PATTERN...]",
		Short: "Measure implementations while checking them, and write charts and a report",
		Example: `  contend run                                  every pattern, in under five minutes
  contend run --dry-run                        what that measures, and how long it takes
  contend run mutex --preset standard
  contend run mutex --set goroutines=2,8,64 --filter '/impl:(sync OR mcs) /work:counter'
  contend run mutex --set rate-hz=100000       open loop, latency from the scheduled start
  contend run --resume results/runs/2026-11-24T10-00-00`,
		RunE: func(c *cobra.Command, names []string) error {
			if resume != "" {
				return a.resume(c, names, resume, run)
			}
			if err := run.check(); err != nil {
				return err
			}
			preset, plan, err := a.plan(&sel, names)
			if err != nil {
				return err
			}
			for _, note := range plan.Notes {
				fmt.Fprintf(a.err, "contend: %s\n", note)
			}
			if err := plan.Fits(preset, run.budget); err != nil {
				return err
			}
			if dry {
				return a.printPlan(preset, plan, run)
			}
			a.warnOfFew(run.planned(preset), comparisons(plan, preset), usualAlpha)
			journal, err := a.start(preset.Name, run)
			if err != nil {
				return err
			}
			defer journal.Release()
			return a.measure(c, plan, preset, run, journal, nil)
		},
	}
	sel.flags(c, "quick")
	run.flags(c)
	c.Flags().StringVar(&resume, "resume", "",
		"continue the run in this folder, with the flags of its start; --engines, --endpoints and --timeout are repeated")
	c.Flags().BoolVar(&dry, "dry-run", false, "print the cells and the expected time of each suite, without measuring")
	return c
}

// start creates the run's folder. It draws a seed if none was given.
func (a *app) start(preset string, run running) (*results.Journal, error) {
	if run.seed == 0 {
		run.seed = rand.Uint64()
	}
	info, err := a.info(preset, run)
	if err != nil {
		return nil, err
	}
	return results.Create(run.folder(info.Start), info)
}

func (r running) folder(start time.Time) string {
	if r.dir != "" {
		return r.dir
	}
	return filepath.Join("results", "runs", start.Format("2006-01-02T15-04-05"))
}

// info returns what run.json says at the start of a run.
func (a *app) info(preset string, run running) (results.Info, error) {
	info, err := a.identity()
	if err != nil {
		return info, err
	}
	info.Args, info.Preset, info.Seed, info.Rounds = a.args, preset, run.seed, run.rounds
	info.Start, info.State, info.Spins = time.Now(), "running", machine.CalibrateSpin()
	info.Promises = a.meanings()
	for _, s := range a.suites {
		suite, cards, loads := s.Info()
		info.Suites = append(info.Suites, suite)
		info.Impls = append(info.Impls, cards...)
		info.Works = append(info.Works, loads...)
	}
	return info, nil
}

// meanings says what the promises of all suites mean.
func (a *app) meanings() (all []results.PromiseInfo) {
	for _, p := range promised(a.suites) {
		all = append(all, results.PromiseInfo{Name: p.Name, Meaning: p.Meaning, Covers: p.Covers})
	}
	return all
}

// measure runs the plan. Then it writes what follows from the journal, however the run
// ended.
func (a *app) measure(
	c *cobra.Command, plan rounds.Plan, preset rounds.Preset, run running, journal *results.Journal,
	done []results.Trial,
) error {
	options, err := run.options(preset, journal.Info())
	if err != nil {
		return err
	}
	info := journal.Info()
	fmt.Fprintf(a.err, "%d cells, %d rounds, seed %d, into %s\n", plan.Jobs(), info.Rounds, info.Seed, journal.Dir())
	own, err := a.ownLayouts(c.Context(), info, run.layouts, plan)
	if err != nil {
		return err
	}
	defer own.close()
	options.Link = own.round
	bar := newProgress(a.err)
	options.Progress, options.Endpoints = bar.show, a.engines.endpoints
	state, err := rounds.Run(c.Context(), plan, journal, done, options)
	bar.end()
	if err != nil {
		return errors.Join(err, journal.Close())
	}
	return a.finish(journal, state)
}

func (r running) options(preset rounds.Preset, info *results.Info) (rounds.Options, error) {
	o := rounds.Options{
		Preset: preset, Rounds: r.rounds, Budget: r.budget, Seed: info.Seed, Spins: info.Spins, Timeout: r.timeout,
		Grace: 10 * time.Second,
	}
	if info.Rounds == 0 {
		info.Rounds = preset.Rounds
	}
	var err error
	if r.precision != "" {
		o.Precision, err = percent("precision", r.precision)
	}
	return o, err
}

// finish closes the journal and writes and prints what follows from it.
func (a *app) finish(journal *results.Journal, state string) error {
	info := journal.Info()
	info.State, info.End = state, time.Now()
	run, err := a.open(journal.Dir())
	if err != nil {
		return err
	}
	if cost, ok := samplingCost(run); ok {
		info.Costs = map[string]results.Figure{"latency sampling": cost}
	}
	if err := journal.Close(); err != nil {
		return err
	}
	run.Info = *info
	if err := a.writePlots(run); err != nil {
		return err
	}
	err = a.conclude(run)
	if state == "interrupted" {
		fmt.Fprintf(a.out, "interrupted: %s continues it\n", a.line("run", "--resume", run.Path))
		err = errors.Join(errFailed, err)
	}
	return err
}

// samplingCost returns the cost of a latency window relative to a throughput window, as a
// median over the trials.
func samplingCost(run *results.Run) (results.Figure, bool) {
	var ratios []float64
	for _, t := range run.Trials {
		if v, ok := t.Values["sampling-cost"]; ok && t.Status == results.Ok {
			ratios = append(ratios, v)
		}
	}
	if len(ratios) == 0 {
		return results.Figure{}, false
	}
	return results.Figure{Value: results.Summarize(ratios).Median, Unit: "× the time of a turn"}, true
}

// printPlan prints what a run would measure of each suite, and how long that would take.
func (a *app) printPlan(preset rounds.Preset, plan rounds.Plan, run running) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PATTERN\tSUITE\tCELLS\tNO TIME FOR\tEXPECTED")
	scale := 1.0
	if run.rounds > 0 {
		scale = float64(run.rounds) / float64(preset.Rounds)
	}
	expected := func(d time.Duration) string { return fmt.Sprintf("%.0f s", scale*d.Seconds()) }
	for _, s := range plan.Shares {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\n", s.Suite.Pattern, s.Suite.Title(), s.Cells, s.LeftOut, expected(s.Takes))
	}
	fmt.Fprintf(w, "all\t\t%d\t\t%s\n", plan.Jobs(), expected(plan.Takes()))
	return w.Flush()
}
