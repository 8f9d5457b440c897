package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/profiling"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

// maxProfiled is how many cells one call may profile. Each cell takes a pass for every
// kind.
const maxProfiled = 12

func (a *app) profileCommand() *cobra.Command {
	var sel selecting
	var kinds []string
	var each time.Duration
	var dir string
	c := &cobra.Command{
		Use:   "profile [PATTERN...]",
		Short: "Take profiles of a few cells, in a pass that is not measured",
		Example: `  contend profile mutex --filter '/work:counter /impl:mcs /goroutines:8'
  contend profile mutex --filter '/work:counter /impl:sync' --kind cpu,trace --run results/runs/2026-11-24T10-00-00`,
		RunE: func(c *cobra.Command, names []string) error {
			jobs, err := a.profiled(c, &sel, names, dir)
			if err != nil {
				return err
			}
			if len(jobs) > maxProfiled {
				return fmt.Errorf("profiling %d cells: want at most %d; select fewer with --filter", len(jobs), maxProfiled)
			}
			for _, k := range kinds {
				if !slices.Contains(child.ProfileKinds, k) {
					return fmt.Errorf("--kind %q: want some of %s", k, strings.Join(child.ProfileKinds, ", "))
				}
			}
			if each <= 0 {
				return fmt.Errorf("--for %v: want a time, such as 1s", each)
			}
			journal, err := a.profileFolder(dir, sel.preset)
			if err != nil {
				return err
			}
			defer journal.Release()
			o := profiling.Options{
				Dir: journal.Dir(), Kinds: kinds, For: each, Spins: journal.Info().Spins, Seed: rand.Uint64(),
				Endpoints: a.engines.endpoints,
			}
			err = a.takeProfiles(c.Context(), jobs, journal, o)
			saved := errors.Join(journal.SaveInfo(), a.reportAgain(journal))
			if errors.Is(err, errFailed) { // it has been printed
				return cmp.Or(saved, err)
			}
			return errors.Join(err, saved)
		},
	}
	sel.flags(c, "quick")
	f := c.Flags()
	f.StringSliceVar(&kinds, "kind", child.ProfileKinds, "kinds of profile to take")
	f.DurationVar(&each, "for", time.Second, "length of each pass")
	f.StringVar(&dir, "run", "", "run whose own cells are profiled, and whose report links them (default: a new folder)")
	return c
}

// takeProfiles profiles every job, and lists in run.json what it has taken.
func (a *app) takeProfiles(
	ctx context.Context, jobs []rounds.Job, journal *results.Journal, o profiling.Options,
) error {
	info := journal.Info()
	for i, job := range jobs {
		o.Executable = job.Executable
		taken, err := profiling.Take(ctx, job.Cell, o)
		info.Profiles = append(info.Profiles, taken...)
		a.printProfiles(journal.Dir(), taken)
		if ctx.Err() != nil {
			fmt.Fprintf(a.out, "interrupted: %d of %d cells have all their profiles\n", i, len(jobs))
			return errFailed
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// profiled returns the cells to profile: those of a run, or those of a preset.
func (a *app) profiled(c *cobra.Command, sel *selecting, names []string, dir string) ([]rounds.Job, error) {
	if dir == "" {
		_, plan, err := a.plan(sel, names)
		return withoutAliases(plan), err
	}
	for _, flag := range []string{"preset", "set"} {
		if c.Flags().Changed(flag) {
			return nil, fmt.Errorf("--%s: --run profiles the run's own cells; select among them with --filter", flag)
		}
	}
	run, err := a.open(dir)
	if err != nil {
		return nil, err
	}
	return a.ownJobs(run, names, sel.filter)
}

// ownJobs returns jobs for the cells of a run that names and a filter select.
func (a *app) ownJobs(run *results.Run, names []string, filter string) ([]rounds.Job, error) {
	suites, err := rounds.Named(a.suites, names)
	if err != nil {
		return nil, err
	}
	selects, err := results.Filter(filter)
	if err != nil {
		return nil, err
	}
	var jobs []rounds.Job
	seen := map[string]bool{}
	for _, t := range run.Trials {
		found, ok := harness.Find(suites, t.Cell)
		if _, again := t.Unalias(); again || !ok || seen[t.Name()] || !selects(t.Cell) {
			continue
		}
		seen[t.Name()] = true
		if err := found.Impl.Unavailable(); err != nil {
			return nil, fmt.Errorf("profiling %s: %w", t.Name(), err)
		}
		jobs = append(jobs, rounds.Job{Cell: t.Cell, Load: found.Load, Executable: a.executable(found.Impl)})
	}
	if len(jobs) == 0 {
		return nil, fmt.Errorf("%s has no cell that the names and --filter %q select", run.Path, filter)
	}
	return jobs, nil
}

// withoutAliases returns the jobs of a plan without the second copies of its baselines.
func withoutAliases(plan rounds.Plan) []rounds.Job {
	var jobs []rounds.Job
	for _, b := range plan.Blocks {
		for _, j := range b {
			if _, again := j.Cell.Unalias(); !again {
				jobs = append(jobs, j)
			}
		}
	}
	return jobs
}

// profileFolder opens the run that the profiles belong to, or creates one.
func (a *app) profileFolder(dir, preset string) (*results.Journal, error) {
	if dir == "" {
		info, err := a.info(preset, running{})
		if err != nil {
			return nil, err
		}
		info.State = "profiles"
		name := "profile-" + info.Start.Format("2006-01-02T15-04-05")
		return results.Create(filepath.Join("results", "runs", name), info)
	}
	journal, run, err := results.Resume(dir)
	if err != nil {
		return nil, err
	}
	a.warn(run.Problems)
	return journal, nil
}

func (a *app) printProfiles(dir string, taken []results.ProfileInfo) {
	for _, p := range taken {
		tool := "pprof"
		if p.Kind == "trace" {
			tool = "trace"
		}
		fmt.Fprintf(a.out, "%s: go tool %s %s\n", p.Cell, tool, filepath.Join(dir, p.File))
		for _, t := range p.Top[:min(3, len(p.Top))] {
			name := strings.TrimPrefix(t.Function, "github.com/contendbench/contend/")
			fmt.Fprintf(a.out, "  %5.1f %%  %-12s %s\n", 100*t.Flat, t.Value, name)
		}
	}
}

// reportAgain writes the report again, with links to the profiles.
func (a *app) reportAgain(journal *results.Journal) error {
	run, err := a.open(journal.Dir())
	if err != nil {
		return err
	}
	file := filepath.Join(run.Path, "report.html")
	if err := a.saveReport(run, file); err != nil {
		return err
	}
	fmt.Fprintln(a.out, "report  ", file)
	return nil
}
