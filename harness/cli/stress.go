package cli

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/ledger"
	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// stressing holds the flags of stress.
type stressing struct {
	each     time.Duration
	windows  int
	seed     uint64
	filter   string
	bugs     bool
	tries    int
	twin     time.Duration
	json     bool
	replay   string
	out      string
	minShare float64
}

func (a *app) stressCommand() *cobra.Command {
	var s stressing
	c := &cobra.Command{
		Use:   "stress [PATTERN...]",
		Short: "Look for errors under disturbed schedules, or try the seeded bugs that the checks must catch",
		Example: `  contend stress mutex --for 10s
  contend stress mutex --filter '/impl:(mcs OR clh) /work:burst'
  contend stress --bugs --tries 20
  contend stress --replay failures/mcs.txt`,
		RunE: func(c *cobra.Command, names []string) error {
			if err := s.check(c, names); err != nil {
				return err
			}
			if s.seed == 0 {
				s.seed = rand.Uint64()
			}
			if s.replay != "" {
				return a.replay(c.Context(), s)
			}
			targets, err := a.targets(names, s)
			if err != nil {
				return err
			}
			if s.bugs {
				return a.ledger(c.Context(), targets, s)
			}
			if err := claim(s.out, isFailure); err != nil {
				return err
			}
			if err := writable(s.out); err != nil {
				return err
			}
			return a.stress(c.Context(), targets, s)
		},
	}
	f := c.Flags()
	f.DurationVar(&s.each, "for", 2*time.Second, "time for each implementation or, with --bugs, for each try")
	f.IntVar(&s.windows, "windows", 0,
		"windows of each implementation, if --for does not end it before (default: no limit)")
	f.Uint64Var(&s.seed, "seed", 0, "seed of what is drawn, not of the schedule (default: random, and printed)")
	f.StringVar(&s.filter, "filter", "",
		"select implementations and workloads, in benchfilter syntax: '/impl:(mcs OR clh) /work:burst'")
	f.BoolVar(&s.bugs, "bugs", false, "try every seeded bug and its correct twin, and print the ledger")
	f.IntVar(&s.tries, "tries", 1, "with --bugs: tries of each bug")
	f.DurationVar(&s.twin, "twin", 0, "with --bugs: how long to run each correct twin (default: same as --for)")
	f.Float64Var(&s.minShare, "least", 0.95, "with --bugs: the share of tries that must catch each bug")
	f.BoolVar(&s.json, "json", false, "with --bugs: print the ledger as an array")
	f.StringVar(&s.replay, "replay", "", "repeat the trial of a failure file until it fails again, for at most 60 s")
	f.StringVar(&s.out, "out", filepath.Join("results", "runs", "stress"), "folder for the files of failures")
	return c
}

// check returns an error for the first flag that has a value out of range, or that would
// be ignored.
func (s *stressing) check(c *cobra.Command, names []string) error {
	switch {
	case s.each <= 0:
		return fmt.Errorf("--for %v: want a time, such as 2s", s.each)
	case s.windows < 0:
		return fmt.Errorf("--windows %d: want at least 1", s.windows)
	case s.tries < 1:
		return fmt.Errorf("--tries %d: want at least 1", s.tries)
	case s.twin < 0:
		return fmt.Errorf("--twin %v: want a time, such as 2s, or 0 for that of --for", s.twin)
	case !(s.minShare >= 0 && s.minShare <= 1): // NaN is in no range
		return fmt.Errorf("--least %v: want a share of the tries, 0 to 1", s.minShare)
	case s.replay != "" && len(names) > 0:
		return fmt.Errorf("--replay repeats the trial of a file: leave out %s", strings.Join(names, ", "))
	case s.replay != "":
		return useless(c, "with --replay",
			"for", "windows", "seed", "filter", "bugs", "tries", "twin", "least", "json", "out")
	case s.bugs:
		return useless(c, "with --bugs", "windows", "out")
	}
	return useless(c, "without --bugs", "tries", "twin", "least", "json")
}

// target is an implementation to stress.
type target struct {
	suite harness.Suite
	impl  impls.Card
	loads []string // only under these; empty: all of the suite
}

func (t target) name() string { return t.suite.Title() + "/" + t.impl.Name }

// targets returns what the flags select. It includes seeded bugs for the ledger. It also
// includes bugs and controls if the filter names implementations.
func (a *app) targets(names []string, s stressing) ([]target, error) {
	suites, err := rounds.Named(a.suites, names)
	if err != nil {
		return nil, err
	}
	filter, err := results.Filter(s.filter)
	if err != nil {
		return nil, err
	}
	var list []target
	for _, suite := range suites {
		for _, c := range suite.Impls {
			competes := c.Role == impls.Contender || c.Role == impls.Known
			t := target{suite: suite, impl: c}
			all := suite.LoadsOf(c.Name)
			for _, l := range all {
				cell := results.Cell{Contract: suite.Contract, Work: l.Name, Impl: c.Name}
				named := !filter(cell.With("any"))
				if filter(cell) && (competes || named || s.bugs && c.Role == impls.Seeded) {
					t.loads = append(t.loads, l.Name)
				}
			}
			if len(t.loads) == 0 || s.bugs && c.Role != impls.Seeded {
				continue
			}
			if len(t.loads) == len(all) {
				t.loads = nil
			}
			list = append(list, t)
		}
	}
	if len(list) == 0 {
		what := "implementation"
		if s.bugs {
			what = "seeded bug"
		}
		return nil, fmt.Errorf("--filter %q: it selects no %s; contend list shows them", s.filter, what)
	}
	return list, nil
}

// stress runs every target once and prints a line for each. An implementation that is
// known to be broken must fail.
func (a *app) stress(ctx context.Context, targets []target, s stressing) error {
	fmt.Fprintf(a.out, "seed %d, %v each\n", s.seed, s.each)
	rng := rand.New(rand.NewPCG(s.seed, 4))
	spins := machine.CalibrateSpin()
	bad := 0
	for i, t := range targets {
		if err := t.impl.Unavailable(); err != nil {
			fmt.Fprintf(a.out, "skipped  %s: %v\n", t.name(), err)
			continue
		}
		spec := harness.Spec{
			Cell: results.Cell{Contract: t.suite.Contract, Impl: t.impl.Name}, Suite: t.suite.Name, Loads: t.loads,
			Round: 1, Seed: rng.Uint64(), SpinsPerNs: spins,
			Stress: max(s.each, t.impl.Flaw.Budget), MaxWindows: s.windows, Grace: stressGrace, Endpoints: a.engines.endpoints,
		}
		out, err := child.Run(ctx, a.executable(t.impl), spec, spec.Stress+ledger.Spare)
		if ctx.Err() != nil {
			fmt.Fprintf(a.out, "interrupted: %s passed %d windows, %d implementations were not reached, %d failed\n",
				t.name(), max(out.Count-1, 0), len(targets)-i-1, bad)
			return errFailed
		}
		if err != nil {
			return err
		}
		if !a.printStressed(t, spec, out, s.out) {
			bad++
		}
	}
	if bad > 0 {
		fmt.Fprintf(a.out, "%d of %d failed\n", bad, len(targets))
		return errFailed
	}
	return nil
}

// printStressed prints a target's line, and reports whether its outcome is as it should
// be.
func (a *app) printStressed(t target, spec harness.Spec, out child.Outcome, dir string) (ok bool) {
	switch {
	case out.Status == results.Ok && t.impl.Role == impls.Known:
		fmt.Fprintf(a.out, "PASSED   %s: known to be broken (%s), but %d windows over %v did not show it\n",
			t.name(), t.impl.Flaw.Text, out.Count, spec.Stress)
		return false
	case out.Status == results.Ok:
		fmt.Fprintf(a.out, "ok       %s: %d windows, %d turns\n", t.name(), out.Count, out.Turns)
		a.printUntested(t, out.Stressed)
		return true
	}
	word := strings.ToUpper(string(out.Status))
	if t.impl.Role == impls.Known {
		word = "broken"
	}
	fmt.Fprintf(a.out, "%-8s %s after %.2f s: %s\n", word, t.name(), out.Caught.Seconds(), out.Reason)
	if out.Point.Work != "" { // to see it again, its point is enough
		spec.Cell.Work, spec.Cell.Params = out.Point.Work, out.Point.Params
	}
	files, err := saveFailure(dir, spec, out)
	for i, f := range files {
		if i == 0 {
			f = a.line("stress", "--replay", f)
		}
		fmt.Fprintf(a.out, "         %s\n", f)
	}
	if err != nil { // the failure counts all the same
		fmt.Fprintln(a.err, "contend: files of this failure are missing:", err)
	}
	return t.impl.Role == impls.Known
}

// printUntested says what an implementation that passed was not tested by.
func (a *app) printUntested(t target, out harness.Stressed) {
	if names := out.Unreached(); len(names) > 0 {
		fmt.Fprintf(a.out, "         time was up before %s; --for gives more\n", strings.Join(names, ", "))
	}
	for _, load := range slices.Sorted(maps.Keys(out.Skipped)) {
		fmt.Fprintf(a.out, "         skipped %s: %s\n", load, out.Skipped[load])
	}
	for _, method := range t.suite.Untested(t.impl.Name) {
		fmt.Fprintf(a.out, "         not tested: %s\n", method)
	}
}

// saveFailure writes a failure's text and evidence into dir, and returns the files, the
// text first.
func saveFailure(dir string, spec harness.Spec, out child.Outcome) ([]string, error) {
	name := fmt.Sprintf("%s-%d", strings.ReplaceAll(spec.Cell.Contract+"-"+spec.Cell.Impl, "/", "-"), spec.Seed)
	return results.SaveFailure(dir, name, []byte(child.FailureText(spec, out)), out.Evidence)
}
