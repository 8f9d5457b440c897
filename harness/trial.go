package harness

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/harness/process"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Trial is one cell in one process. A workload's body reads its parameters from it, does
// slow set-up, and calls Window.
type Trial struct {
	Context context.Context

	spec      Spec
	c         Case
	values    map[string]any
	rng       *rand.Rand
	plan      []windowPlan
	results   []windowResult
	length    time.Duration // of a window's measured part, after calibration
	observer  func(windowResult)
	processes *process.Processes
	carried   map[any]any
	kept      keepers
}

type windowPlan struct {
	kind   windowKind
	warm   time.Duration
	length time.Duration // 0: the trial's own, which the first window calibrates
	tune   func(*Worker)
}

// ErrUnknown is the error of a check that could not decide: it ran out of time, or a
// fault had no effect. It is never a pass.
var ErrUnknown = errors.New("unknown")

// A SkipError says that a load cannot run with this implementation or on this machine. It
// is neither a failure nor a pass.
type SkipError struct{ Reason string }

func (e *SkipError) Error() string { return "skipped: " + e.Reason }

// Promises reports whether the implementation makes promise p, for checks that depend on
// it.
func (t *Trial) Promises(p impls.Promise) bool { return t.c.Impl.Has(p) }

// Carry returns the value of key that earlier windows of the load left at this point in
// this stress run, or else what fresh returns: for a verdict that one window is too short
// for.
func (t *Trial) Carry(key any, fresh func() any) any {
	return t.CarryAcross(carryKey{fmt.Sprint(t.values), key}, fresh)
}

// CarryAcross is Carry for windows of the load at any points.
func (t *Trial) CarryAcross(key any, fresh func() any) any {
	if t.carried == nil {
		t.carried = map[any]any{}
	}
	if _, ok := t.carried[key]; !ok {
		t.carried[key] = fresh()
	}
	return t.carried[key]
}

type carryKey struct {
	point string
	key   any
}

// Spins converts nanoseconds of work into steps for Worker.Spin and Worker.Think.
func (t *Trial) Spins(ns int) int {
	factor := 1.0
	if t.spec.Slower > 0 {
		factor = t.spec.Slower
	}
	return machine.Steps(t.spec.SpinsPerNs*factor, time.Duration(ns))
}

// Window calls build once for every window of the trial, so each has a fresh subject and
// fresh workers. It returns after the checks of the last window, or after the first
// failure.
func (t *Trial) Window(build func(*Window) error) error {
	for i, p := range t.plan {
		if p.kind == fairness && i > 0 && len(t.results[0].shares) < 2 {
			continue // fairness needs at least two workers
		}
		w := &Window{
			context: t.Context, kind: p.kind, seed: t.rng.Uint64(), warm: p.warm, length: p.length, grace: t.spec.Grace,
			metrics: map[string]float64{}, failed: make(chan struct{}), tune: p.tune,
			unchecked: t.c.Impl.Role == impls.Noop, load: t.c.Load,
		}
		if w.length == 0 {
			w.length = t.length
		}
		if err := build(w); err != nil {
			return fmt.Errorf("setting up a window: %w", err)
		}
		res, err := w.run()
		if err != nil {
			if p.kind == stressing { // its caller counts the windows
				return err
			}
			return fmt.Errorf("%s window %d: %w", p.kind, i+1, err)
		}
		if len(t.results) == 0 {
			t.calibrate(res)
		}
		if t.observer != nil {
			t.observer(res)
		}
		t.results = append(t.results, res)
		if !t.c.Load.Allocates && p.kind != stressing {
			runtime.GC() // the collector is off while windows run
		}
	}
	return nil
}

const (
	minTurns  = 200 // of a window
	maxWindow = 100 * time.Millisecond
)

// calibrate lengthens the windows of operations that take long.
func (t *Trial) calibrate(first windowResult) {
	if first.turns < minTurns && t.length < maxWindow {
		factor := float64(minTurns) / float64(max(first.turns, 1))
		t.length = min(time.Duration(float64(t.length)*factor), maxWindow)
	}
}

// measured returns the windows of a measuring trial: throughput, then latency, then
// fairness.
func (s Spec) measured() []windowPlan {
	tune := sampled
	if s.Rate > 0 {
		tune = nil // set below, by openLoop
	}
	var plan []windowPlan
	for range s.Windows {
		plan = append(plan, windowPlan{kind: throughput, warm: s.Warm, tune: plain})
	}
	for range s.Latency {
		plan = append(plan, windowPlan{kind: latency, warm: s.Warm, tune: tune})
	}
	if s.Fairness > 0 {
		plan = append(plan, windowPlan{kind: fairness, warm: s.Warm, length: s.Fairness, tune: sampled})
	}
	for i := range plan {
		if plan[i].tune == nil {
			plan[i].tune = s.openLoop()
		}
	}
	return plan
}

// plain leaves a worker unchanged, as throughput windows need.
func plain(*Worker) {}

// openLoop divides the rate among the workers of the first role. Other roles run a closed
// loop.
func (s Spec) openLoop() func(*Worker) {
	return func(w *Worker) {
		if len(w.role.window.roles) > 0 {
			return
		}
		r := w.role
		if r.generator == nil {
			g, err := newGenerator()
			if err != nil {
				r.window.fail(err)
				return
			}
			r.generator = g
		}
		paced(r.generator, s.Rate/float64(len(r.workers)), s.Poisson)(w)
	}
}

// Execute runs the trial that spec describes in this process. After a failure, which it
// returns as an error, the trial has a status and a reason but no numbers.
func Execute(ctx context.Context, suites []Suite, spec Spec) (trial results.Trial, err error) {
	trial = results.Trial{Cell: spec.Cell, Round: spec.Round, Side: spec.Side, Seed: spec.Seed, Start: time.Now()}
	defer func() { trial.Took = time.Since(trial.Start) }()
	c, ok := Find(suites, spec.Cell)
	if !ok {
		return failed(trial, fmt.Errorf("unknown cell %s", spec.Cell.Name()))
	}
	old := runtime.GOMAXPROCS(max(spec.Cell.Procs, 1))
	defer runtime.GOMAXPROCS(old)
	if !spec.NoProbe {
		trial.Probe = machine.Probe()
	}
	ticks := machine.ReadTicks()

	t := &Trial{
		Context: ctx, spec: spec, c: c, length: spec.Length, rng: rand.New(rand.NewPCG(spec.Seed, 1)), kept: keepers{},
	}
	if t.values, err = readParams(c.Load.Params, spec.Cell.Params); err != nil {
		return failed(trial, err)
	}
	if !c.Load.Allocates {
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
	}
	t.plan = spec.measured()
	if err := t.kept.close(t.run()); err != nil {
		return failed(trial, err)
	}
	if t.turns() == 0 {
		return failed(trial, errNoTurn)
	}
	trial.Probe.StolenPct = machine.ReadTicks().StolenSince(ticks)
	if err := t.summarize(&trial); err != nil {
		return failed(trial, err)
	}
	trial.Status = results.Ok
	return trial, nil
}

// errNoTurn is the error of a trial whose workers did nothing, so that its checks say
// nothing either.
var errNoTurn = fmt.Errorf("%w: no worker started a turn", ErrUnknown)

// turns returns the turns that were started in all windows, also those that had not ended
// at the stop.
func (t *Trial) turns() (n uint64) {
	for _, r := range t.results {
		n += r.all
	}
	return n
}

// failed sets the trial's status and reason from its error. If the environment is the
// cause, the error is an impls.EnvironmentError.
func failed(trial results.Trial, err error) (results.Trial, error) {
	var hang *HangError
	var skip *SkipError
	var lacking *impls.EnvironmentError
	err = impls.EnvironmentOf(err, "")
	trial.Status = results.Failed
	switch {
	case errors.As(err, &hang) && hang.Cause == nil:
		trial.Status = results.Hung
	case errors.Is(err, ErrUnknown), errors.As(err, &skip), errors.As(err, &lacking):
		trial.Status = results.Unknown
	}
	trial.Reason = firstLine(err.Error())
	return trial, err
}
