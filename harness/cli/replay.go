package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

const (
	// replayTime bounds a replay. A schedule cannot be repeated, only tried again.
	replayTime = time.Minute
	// stressGrace is that of a stress run's windows; see harness.Spec.
	stressGrace = 5 * time.Second
	// maxFailure bounds the file of a failure, in bytes.
	maxFailure = 2 << 20
)

// isFailure reports whether a file is that of a failure.
func isFailure(file string) bool {
	text, err := results.ReadRegular(file, maxFailure)
	return err == nil && strings.HasPrefix(string(text), child.ReplayMark)
}

// replay repeats a failed trial until it fails again.
func (a *app) replay(ctx context.Context, s stressing) error {
	spec, executable, err := a.replayed(s.replay)
	if err != nil {
		return err
	}
	limit := trialTimeout
	if spec.Stress > 0 {
		limit = spec.Stress + time.Minute
	}
	start := time.Now()
	for tries := 1; ; tries++ {
		out, err := child.Run(ctx, executable, spec, limit)
		if ctx.Err() != nil {
			fmt.Fprintf(a.out, "interrupted: did not fail in %d tries over %.0f s\n", tries-1, time.Since(start).Seconds())
			return errFailed
		}
		if err != nil {
			return err
		}
		if out.Status != results.Ok {
			fmt.Fprintf(a.out, "%s in try %d, after %.2f s: %s\n", out.Status, tries, time.Since(start).Seconds(), out.Reason)
			if out.Text != "" {
				fmt.Fprintf(a.out, "\n%s\n", out.Text)
			}
			return errFailed
		}
		if time.Since(start) > replayTime {
			fmt.Fprintf(a.out, "did not fail in %d tries over %.0f s\n", tries, time.Since(start).Seconds())
			return nil
		}
	}
}

// replayed returns the trial of a failure's file, and the executable that runs it.
func (a *app) replayed(file string) (spec harness.Spec, executable string, err error) {
	text, err := results.ReadRegular(file, maxFailure)
	if err != nil {
		return spec, "", err
	}
	given, err := child.ReplaySpec(string(text))
	if err == nil {
		spec, err = a.replayable(given)
	}
	if err == nil {
		executable, err = a.replayer(given)
	}
	if err != nil {
		return spec, "", fmt.Errorf("replaying %s: %w", results.Printable(file), err)
	}
	return spec, executable, nil
}

// replayable returns the spec of a replay. The file says what to run, within bounds, and
// nothing else: servers, profiles and what this machine is like are not taken from it.
func (a *app) replayable(of harness.Spec) (harness.Spec, error) {
	spec := harness.Spec{
		Cell: of.Cell, Suite: of.Suite, Loads: of.Loads, Round: 1, Seed: of.Seed, SpinsPerNs: machine.CalibrateSpin(),
		Warm: of.Warm, Length: of.Length, Windows: of.Windows, Latency: of.Latency, Fairness: of.Fairness,
		Rate: of.Rate, Poisson: of.Poisson, Stress: min(of.Stress, replayTime),
		Grace: 10 * time.Second, NoProbe: of.NoProbe, Endpoints: a.engines.endpoints,
	}
	if spec.Stress > 0 {
		spec.Grace = stressGrace
	}
	return spec, bounds(spec)
}

// bounds returns an error for a spec that no command of contend makes.
func bounds(s harness.Spec) error {
	const most = 90 * time.Second // of all windows together
	for _, d := range []struct {
		name        string
		value, most time.Duration
	}{
		{"warm_ns", s.Warm, time.Second},
		{"length_ns", s.Length, 10 * time.Second},
		{"fairness_ns", s.Fairness, time.Minute},
		{"stress_ns", s.Stress, replayTime},
	} {
		if d.value < 0 || d.value > d.most {
			return fmt.Errorf("its %s is %v: want 0 to %v", d.name, d.value, d.most)
		}
	}
	for _, n := range []struct {
		name  string
		value int
		most  int
	}{{"windows", s.Windows, 100}, {"latency", s.Latency, 100}, {"procs", s.Cell.Procs, 1024}} {
		if n.value < 0 || n.value > n.most {
			return fmt.Errorf("its %s is %d: want 0 to %d", n.name, n.value, n.most)
		}
	}
	total := time.Duration(s.Windows+s.Latency)*(s.Warm+s.Length) + s.Fairness
	switch {
	case math.IsNaN(s.Rate) || s.Rate < 0 || s.Rate > 1e9:
		return fmt.Errorf("its rate is %v: want 0 to 1e9", s.Rate)
	case total > most:
		return fmt.Errorf("its windows take %v: want at most %v", total, most)
	case total == 0 && s.Stress == 0:
		return errors.New("it has no window: want windows, latency, fairness_ns or stress_ns")
	}
	return nil
}

// replayer returns the path of the executable that runs the trials of spec. A command
// with other tables has nothing to replay them with.
func (a *app) replayer(spec harness.Spec) (string, error) {
	impl, _ := spec.Cell.Unalias()
	var contracts, names []string
	for _, s := range a.suites {
		contracts = append(contracts, s.Contract)
		if s.Contract != spec.Cell.Contract || spec.Suite != "" && s.Name != spec.Suite {
			continue
		}
		for _, c := range s.Impls {
			names = append(names, c.Name)
		}
		c, ok := s.Card(impl)
		if !ok || spec.Cell.Work != "" && !has(s.LoadsOf(impl), spec.Cell.Work) {
			continue
		}
		if err := checkLoads(s, impl, spec); err != nil {
			return "", err
		}
		if err := c.Unavailable(); err != nil {
			return "", fmt.Errorf("running %s: %w", c.Name, err)
		}
		return a.executable(c), nil
	}
	switch {
	case len(names) == 0:
		suite := strings.TrimSuffix(spec.Cell.Contract+"/"+spec.Suite, "/")
		return "", fmt.Errorf("this command has no suite %q (%s); %s", suite,
			rounds.Nearest(spec.Cell.Contract, contracts), elsewhere)
	case !slices.Contains(names, impl):
		return "", fmt.Errorf("this command has no implementation %q of %s (%s); %s", impl, spec.Cell.Contract,
			rounds.Nearest(impl, names), elsewhere)
	}
	return "", fmt.Errorf("this command does not run %s under a workload %q; %s", impl, spec.Cell.Work, elsewhere)
}

const elsewhere = "replay it with the command that wrote the file"

func has(loads []harness.Load, name string) bool {
	return slices.ContainsFunc(loads, func(l harness.Load) bool { return l.Name == name })
}

// checkLoads returns an error for a workload that an implementation does not run under,
// or for a parameter that one does not take.
func checkLoads(s harness.Suite, impl string, spec harness.Spec) error {
	if spec.Cell.Work == "" && spec.Stress == 0 {
		return errors.New("it names no workload")
	}
	loads := s.LoadsOf(impl)
	for _, name := range spec.Loads {
		if !has(loads, name) {
			return fmt.Errorf("this command does not run %s under a workload %q; %s", impl, name, elsewhere)
		}
	}
	for _, l := range loads {
		stressed := spec.Cell.Work == "" && (len(spec.Loads) == 0 || slices.Contains(spec.Loads, l.Name))
		if l.Name == spec.Cell.Work || stressed && len(spec.Cell.Params) > 0 {
			if err := l.Check(spec.Cell.Params); err != nil {
				return fmt.Errorf("workload %s: %w", l.Name, err)
			}
		}
	}
	return nil
}
