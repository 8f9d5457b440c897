package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/ledger"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// stressing are the flags of stress.
type stressing struct {
	each   time.Duration
	seed   uint64
	impls  []string
	work   string
	bugs   bool
	tries  int
	twin   time.Duration
	json   bool
	replay string
	out    string
	least  float64
}

func (a *app) stressCommand() *cobra.Command {
	var s stressing
	c := &cobra.Command{
		Use:   "stress [PATTERN...]",
		Short: "Look for errors: perturbed schedules, checks, and the seeded bugs that the checks must catch",
		Example: `  contend stress mutex --for 10s
  contend stress mutex --impl mcs --impl clh --work burst
  contend stress --bugs --tries 20
  contend stress --replay failures/mcs.txt`,
		RunE: func(c *cobra.Command, names []string) error {
			if s.each <= 0 {
				return fmt.Errorf("--for %v: want a time, such as 2s", s.each)
			}
			if s.seed == 0 {
				s.seed = rand.Uint64()
			}
			if s.replay != "" {
				return a.replay(c.Context(), s)
			}
			rows, err := rounds.Named(a.rows, names)
			if err != nil {
				return err
			}
			if rows, err = underWork(rows, s.work); err != nil {
				return err
			}
			if s.bugs {
				return a.ledger(c.Context(), rows, s)
			}
			return a.stress(c.Context(), rows, s)
		},
	}
	f := c.Flags()
	f.DurationVar(&s.each, "for", 2*time.Second, "time for each implementation, or for each try")
	f.Uint64Var(&s.seed, "seed", 0, "of the plan; the schedule is the machine's (default: drawn, and printed)")
	f.StringArrayVar(&s.impls, "impl", nil, "only this implementation, seeded bugs included (again for another)")
	f.StringVar(&s.work, "work", "", "only under this workload (default: all of the contract)")
	f.BoolVar(&s.bugs, "bugs", false, "try every seeded bug and its correct twin, and print the ledger")
	f.IntVar(&s.tries, "tries", 1, "with --bugs: tries for each")
	f.DurationVar(&s.twin, "twin", 0, "with --bugs: time for each try of a correct twin, which does not end before (default: as --for)")
	f.Float64Var(&s.least, "least", 0.95, "with --bugs: the share of tries that must catch each bug")
	f.BoolVar(&s.json, "json", false, "with --bugs: print the ledger as an array")
	f.StringVar(&s.replay, "replay", "", "run the trial of a failure's file again until it fails, or 60 s have passed")
	f.StringVar(&s.out, "out", filepath.Join("results", "runs", "stress"), "folder for what failed")
	return c
}

// underWork keeps the rows of a workload; "" is all.
func underWork(rows []harness.Row, work string) ([]harness.Row, error) {
	if work == "" {
		return rows, nil
	}
	var kept []harness.Row
	var names []string
	for _, r := range rows {
		names = append(names, r.Work.Name)
		if r.Work.Name == work {
			kept = append(kept, r)
		}
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("unknown workload %q; %s", work, rounds.Nearest(work, names))
	}
	return kept, nil
}

// target is an implementation to stress, under all workloads of its contract.
type target struct {
	pattern, contract string
	impl              impls.Impl[struct{}]
}

func targets(rows []harness.Row, only []string) ([]target, error) {
	var list []target
	seen := map[string]bool{}
	wanted := map[string]bool{}
	for _, n := range only {
		wanted[n] = true
	}
	for _, r := range rows {
		key := r.Contract + " " + r.Impl.Name
		named := wanted[r.Impl.Name]
		if seen[key] || len(only) > 0 && !named || !named && (r.Impl.Role == impls.Bug || r.Impl.Role == impls.Noop) {
			continue
		}
		seen[key] = true
		list = append(list, target{r.Pattern, r.Contract, r.Impl})
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no implementation named %s; contend list shows them", strings.Join(only, ", "))
	}
	return list, nil
}

// stress runs every target once and prints a line for each. A row that is known to be broken must fail.
func (a *app) stress(ctx context.Context, rows []harness.Row, s stressing) error {
	list, err := targets(rows, s.impls)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "seed %d, %v each\n", s.seed, s.each)
	rng := rand.New(rand.NewPCG(s.seed, 4))
	spins := harness.CalibrateSpin()
	bad := 0
	for _, t := range list {
		if err := t.impl.Unavailable(); err != nil {
			fmt.Fprintf(a.out, "skipped  %s/%s: %v\n", t.contract, t.impl.Name, err)
			continue
		}
		spec := harness.Spec{
			Cell: results.Cell{Contract: t.contract, Work: s.work, Impl: t.impl.Name}, Round: 1, Seed: rng.Uint64(), SpinsPerNs: spins,
			Stress: max(s.each, t.impl.Budget), Grace: 5 * time.Second, Endpoints: a.engines.endpoints,
		}
		out, err := harness.Run(ctx, harness.ExecutableOf(rows, spec.Cell, self), spec, spec.Stress+ledger.Spare)
		if err != nil {
			if ctx.Err() != nil {
				return errFailed
			}
			return err
		}
		ok, err := a.printStressed(t, spec, out, s.out)
		if err != nil {
			return err
		}
		if !ok {
			bad++
		}
	}
	if bad > 0 {
		fmt.Fprintf(a.out, "%d of %d failed\n", bad, len(list))
		return errFailed
	}
	return nil
}

func (a *app) printStressed(t target, spec harness.Spec, out harness.Outcome, dir string) (ok bool, err error) {
	name := t.contract + "/" + t.impl.Name
	switch {
	case out.Status == results.Ok && t.impl.Role == impls.Known:
		fmt.Fprintf(a.out, "PASSED   %s: known to be broken (%s), and %d windows over %v did not show it\n",
			name, t.impl.Flaw, out.Count, spec.Stress)
		return false, nil
	case out.Status == results.Ok:
		fmt.Fprintf(a.out, "ok       %s: %d windows, %d turns\n", name, out.Count, out.Turns)
		return true, nil
	}
	files, err := saveFailure(dir, spec, out)
	if err != nil {
		return false, err
	}
	word := strings.ToUpper(string(out.Status))
	if t.impl.Role == impls.Known {
		word = "broken"
	}
	fmt.Fprintf(a.out, "%-8s %s after %.2f s: %s\n         contend stress --replay %s\n", word, name, out.Caught.Seconds(), out.Reason, files[0])
	for _, f := range files[1:] {
		fmt.Fprintf(a.out, "         %s\n", f)
	}
	return t.impl.Role == impls.Known, nil
}

// saveFailure writes the failure's text, and what shows it, into dir, and returns the files, the text first.
func saveFailure(dir string, spec harness.Spec, out harness.Outcome) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s-%d", strings.ReplaceAll(spec.Cell.Contract+"-"+spec.Cell.Impl, "/", "-"), spec.Seed)
	files := []string{filepath.Join(dir, name+".txt")}
	if err := os.WriteFile(files[0], []byte(harness.FailureText(spec, out)), 0o644); err != nil {
		return nil, err
	}
	for _, e := range slices.Sorted(maps.Keys(out.Evidence)) {
		file := filepath.Join(dir, name+"-"+filepath.Base(e))
		if err := os.WriteFile(file, out.Evidence[e], 0o644); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// replayTime bounds a replay: a schedule cannot be repeated, only tried again.
const replayTime = time.Minute

// replay runs a failed trial again and again, prints how often it failed, and fails if it did.
func (a *app) replay(ctx context.Context, s stressing) error {
	text, err := os.ReadFile(s.replay)
	if err != nil {
		return err
	}
	spec, err := harness.ReplaySpec(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", s.replay, err)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, r := range a.rows {
		if err := r.Impl.Unavailable(); err != nil && r.Contract == spec.Cell.Contract && r.Impl.Name == spec.Cell.Impl {
			return fmt.Errorf("%s cannot run: %w", r.Impl.Name, err)
		}
	}
	begin := time.Now()
	for tries := 1; ; tries++ {
		out, err := harness.Run(ctx, harness.ExecutableOf(a.rows, spec.Cell, self), spec, spec.Stress+time.Minute)
		if err != nil {
			return err
		}
		if out.Status != results.Ok {
			fmt.Fprintf(a.out, "%s in try %d, after %.2f s: %s\n", out.Status, tries, time.Since(begin).Seconds(), out.Reason)
			if out.Text != "" {
				fmt.Fprintf(a.out, "\n%s\n", out.Text)
			}
			return errFailed
		}
		if time.Since(begin) > replayTime {
			fmt.Fprintf(a.out, "did not fail in %d tries over %.0f s\n", tries, time.Since(begin).Seconds())
			return nil
		}
	}
}

// ledger tries the seeded bugs and fails when one was caught too seldom or a correct twin gave an alarm.
func (a *app) ledger(ctx context.Context, rows []harness.Row, s stressing) error {
	if s.tries < 1 {
		return errors.New("--tries: want at least 1")
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	o := ledger.Options{
		Executable: self, Work: s.work, Tries: s.tries, For: s.each, Twin: s.twin, Seed: s.seed, Spins: harness.CalibrateSpin(), Endpoints: a.engines.endpoints,
	}
	if !s.json {
		o.Progress = func(e ledger.Entry) {
			fmt.Fprintf(a.err, "%s/%s: caught %d of %d\n", e.Contract, e.Bug, e.Caught, e.Tries)
		}
	}
	entries, err := ledger.Run(ctx, rows, o)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return errors.New("no seeded bug among the patterns given")
	}
	if s.json {
		e := json.NewEncoder(a.out)
		e.SetIndent("", "  ")
		err = e.Encode(entries)
	} else {
		err = a.printLedger(entries, s)
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if float64(e.Caught) < s.least*float64(e.Tries) || e.FalseAlarms > 0 {
			return errFailed
		}
	}
	return nil
}

func (a *app) printLedger(entries []ledger.Entry, s stressing) error {
	fmt.Fprintf(a.out, "seed %d, tries of %v\n", s.seed, s.each)
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CONTRACT\tBUG\tCAUGHT\tRATE (95 %)\tMEDIAN\tTWIN\tFALSE ALARMS\tWHAT A CHECK SAID")
	for _, e := range entries {
		fmt.Fprintf(w, "%s\t%s\t%d of %d\t%.2f to %.2f\t%.2f s\t%s\t%d\t%s\n",
			e.Contract, e.Bug, e.Caught, e.Tries, e.Low, e.High, e.Median, e.Twin, e.FalseAlarms, e.Example)
	}
	for _, e := range entries {
		if e.Alarm != "" {
			fmt.Fprintf(w, "false alarm\t%s\t%s\n", e.Twin, e.Alarm)
		}
	}
	return w.Flush()
}
