package cli

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/profiling"
	"github.com/contendbench/contend/results"
)

// mostProfiled is how many cells one call may profile: each takes a pass for every kind.
const mostProfiled = 12

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
			preset, cells, err := sel.cells(a.rows, names, runtime.NumCPU())
			if err != nil {
				return err
			}
			cells = withoutAgain(cells)
			if len(cells) > mostProfiled {
				return fmt.Errorf("%d cells are too many to profile, the most is %d; narrow them with --filter", len(cells), mostProfiled)
			}
			if each <= 0 {
				return fmt.Errorf("--for %v: want a time, such as 1s", each)
			}
			self, err := os.Executable()
			if err != nil {
				return err
			}
			journal, err := a.profileFolder(dir, preset.Name)
			if err != nil {
				return err
			}
			info := journal.Info()
			o := profiling.Options{
				Dir: journal.Dir(), Kinds: kinds, For: each, Spins: info.Spins, Seed: rand.Uint64(), Endpoints: a.engines.endpoints,
			}
			for _, cell := range cells {
				o.Executable = harness.ExecutableOf(a.rows, cell, self)
				taken, err := profiling.Take(c.Context(), cell, o)
				info.Profiles = append(info.Profiles, taken...)
				if err != nil {
					return errors.Join(err, journal.SaveInfo())
				}
				a.printProfiles(journal.Dir(), taken)
			}
			if err := journal.SaveInfo(); err != nil {
				return err
			}
			return a.reportAgain(journal)
		},
	}
	sel.flags(c, "quick")
	f := c.Flags()
	f.StringSliceVar(&kinds, "kind", harness.ProfileKinds, "kinds to take")
	f.DurationVar(&each, "for", time.Second, "length of each pass")
	f.StringVar(&dir, "run", "", "run whose report shall link the profiles (default: a folder of its own)")
	return c
}

func withoutAgain(cells []results.Cell) []results.Cell {
	var out []results.Cell
	for _, c := range cells {
		if _, again := c.Base(); !again {
			out = append(out, c)
		}
	}
	return out
}

// profileFolder opens the run that the profiles belong to, or makes one.
func (a *app) profileFolder(dir, preset string) (*results.Journal, error) {
	if dir == "" {
		info := a.info(preset, running{})
		info.State = "profiles"
		return results.Create(filepath.Join("results", "runs", "profile-"+info.Start.Format("2006-01-02T15-04-05")), info)
	}
	journal, run, err := results.Resume(dir)
	if err != nil {
		return nil, err
	}
	for _, p := range run.Problems {
		fmt.Fprintf(a.err, "contend: %s:%d: %s\n", p.File, p.Line, p.Text)
	}
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
			fmt.Fprintf(a.out, "  %5.1f %%  %-12s %s\n", 100*t.Flat, t.Value, strings.TrimPrefix(t.Function, "github.com/contendbench/contend/"))
		}
	}
}

// reportAgain writes the report with the profiles linked, where the run has trials to report.
func (a *app) reportAgain(journal *results.Journal) error {
	run, err := a.open(journal.Dir())
	if err != nil {
		return err
	}
	if err := writeReport(run); err != nil {
		return err
	}
	fmt.Fprintln(a.out, "report  ", filepath.Join(run.Path, "report.html"))
	return nil
}
