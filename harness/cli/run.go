package cli

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

func (a *app) runCommand() *cobra.Command {
	var sel selecting
	var run running
	var resume string
	c := &cobra.Command{
		Use:   "run [PATTERN...]",
		Short: "Measure implementations, check them meanwhile, and write charts and a report",
		Example: `  contend run                                  every pattern, in under five minutes
  contend run mutex --preset standard
  contend run mutex --set goroutines=2,8,64 --filter '/impl:(sync OR mcs) /work:counter'
  contend run mutex --set rate-hz=100000       open loop, latency from the scheduled start
  contend run --resume results/runs/2026-11-24T10-00-00`,
		RunE: func(c *cobra.Command, names []string) error {
			if resume != "" {
				return a.resume(c, resume, &sel, &run)
			}
			preset, cells, err := sel.cells(a.rows, names, runtime.NumCPU())
			if err != nil {
				return err
			}
			journal, err := a.start(preset.Name, run)
			if err != nil {
				return err
			}
			return a.measure(c, cells, preset, run, journal, nil)
		},
	}
	sel.flags(c, "quick")
	run.flags(c)
	c.Flags().StringVar(&resume, "resume", "", "go on with the run in this folder, as it was started")
	return c
}

// start makes the run's folder; the seed is drawn where none was given.
func (a *app) start(preset string, run running) (*results.Journal, error) {
	if run.seed == 0 {
		run.seed = rand.Uint64()
	}
	info := a.info(preset, run)
	return results.Create(run.folder(info.Start), info)
}

func (r running) folder(start time.Time) string {
	if r.dir != "" {
		return r.dir
	}
	return filepath.Join("results", "runs", start.Format("2006-01-02T15-04-05"))
}

// resume goes on with a run under the flags that it was started with.
func (a *app) resume(c *cobra.Command, dir string, sel *selecting, run *running) error {
	journal, done, err := results.Resume(dir)
	if err != nil {
		return err
	}
	for _, p := range done.Problems {
		fmt.Fprintf(a.err, "contend: %s:%d: %s\n", p.File, p.Line, p.Text)
	}
	info := journal.Info()
	if len(info.Args) == 0 || info.Args[0] != "run" {
		return fmt.Errorf("%s: not started by contend run, so it cannot be resumed", dir)
	}
	if err := c.ParseFlags(info.Args[1:]); err != nil {
		return fmt.Errorf("%s: the arguments in run.json: %w", dir, err)
	}
	if err := a.attach(c.Context()); err != nil { // as those arguments say
		return err
	}
	run.seed = info.Seed
	preset, cells, err := sel.cells(a.rows, c.Flags().Args(), runtime.NumCPU())
	if err != nil {
		return err
	}
	return a.measure(c, cells, preset, *run, journal, done.Trials)
}

// info is what run.json says at the start.
func (a *app) info(preset string, run running) results.Info {
	info := results.Info{
		Tool: version(), Revision: revision(), Args: a.args, Preset: preset, Seed: run.seed, Rounds: run.rounds,
		Start: time.Now(), State: "running", Machine: harness.ThisMachine(), Spins: harness.CalibrateSpin(),
		Baseline: map[string]string{},
	}
	for _, p := range promised(a.rows) {
		info.Promises = append(info.Promises, results.PromiseInfo{Name: string(p), Meaning: p.Meaning()})
	}
	seenImpl, seenWork := map[string]bool{}, map[string]bool{}
	for _, r := range a.rows {
		info.Baseline[r.Contract] = r.Baseline
		if key := r.Contract + " " + r.Impl.Name; !seenImpl[key] {
			seenImpl[key] = true
			info.Impls = append(info.Impls, implInfo(r))
		}
		if key := r.Contract + " " + r.Work.Name; !seenWork[key] {
			seenWork[key] = true
			info.Works = append(info.Works, results.WorkInfo{
				Contract: r.Contract, Name: r.Work.Name, Op: r.Work.Op, About: r.Work.About, Curve: r.Work.Curve, Plane: r.Work.Plane,
			})
		}
	}
	return info
}

func implInfo(r harness.Row) results.ImplInfo {
	i := results.ImplInfo{
		Contract: r.Contract, Name: r.Impl.Name, Kind: string(r.Impl.Kind), Source: r.Impl.Source,
		Role: string(r.Impl.Role), Flaw: r.Impl.Flaw,
	}
	for _, p := range r.Impl.Promises {
		i.Promises = append(i.Promises, string(p))
	}
	if err := r.Impl.Unavailable(); err != nil {
		i.Skipped = err.Error()
	}
	return i
}

// measure runs the cells, then writes what follows from the journal, whatever the end was.
func (a *app) measure(c *cobra.Command, cells []results.Cell, preset rounds.Preset, run running, journal *results.Journal, done []results.Trial) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	options, err := run.options(preset, journal.Info())
	if err != nil {
		return err
	}
	fmt.Fprintf(a.err, "%d cells, %d rounds, seed %d, into %s\n", len(cells), journal.Info().Rounds, journal.Info().Seed, journal.Dir())
	bar := newProgress(a.err)
	options.Progress, options.Endpoints = bar.show, a.engines.endpoints
	state, err := rounds.Run(c.Context(), rounds.ByPoint(a.rows, cells, self), journal, done, options)
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
	if r.rounds < 0 {
		return o, fmt.Errorf("--rounds %d: want at least 1", r.rounds)
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
	if err := journal.Close(); err != nil {
		return err
	}
	run, err := a.open(journal.Dir())
	if err != nil {
		return err
	}
	if cost, ok := samplingCost(run); ok {
		info.Costs = map[string]results.Figure{"latency sampling": cost}
		if err := journal.SaveInfo(); err != nil {
			return err
		}
		run.Info = *info
	}
	if err := writePlots(run); err != nil {
		return err
	}
	return a.conclude(run)
}

// samplingCost is what a latency window costs beside a throughput window, as a median over the trials.
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
