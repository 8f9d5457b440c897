package harness

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/contendbench/contend/results"
)

// Stressed is the result of a stress trial.
type Stressed struct {
	results.Trial
	Count   int               `json:"count"`             // windows run, including the one that failed
	Ran     map[string]int    `json:"ran,omitempty"`     // windows of each load; 0: time was up before its first
	Skipped map[string]string `json:"skipped,omitempty"` // loads that cannot run here, with the reason
	Caught  time.Duration     `json:"caught_ns"`         // from the start to the failure; 0: no failure
	Point   results.Cell      `json:"point"`             // point of the last window
}

// Unreached returns the loads for which time was up before their first window.
func (s Stressed) Unreached() []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s.Ran)) {
		if s.Ran[name] == 0 {
			names = append(names, name)
		}
	}
	return names
}

// Stress runs windows of an implementation for spec.Stress, or until a check fails. It
// goes through the loads that spec selects in random order, at the smallest point of each.
// Then it gives each its share of the time. It draws points from the load's stress grids,
// unless the cell has parameters. It also draws GOMAXPROCS, and most windows yield at
// random places. The seed repeats what is drawn for one load, not the schedule. A load that
// has decided nothing gets more time. If it still decides nothing, the trial is Unknown. A
// label of the goroutines of a window, ReplayEnv, names its seed and its point.
func Stress(ctx context.Context, suites []Suite, spec Spec) (out Stressed, err error) {
	out.Trial = results.Trial{Cell: spec.Cell, Round: spec.Round, Seed: spec.Seed, Start: time.Now()}
	defer func() { out.Took = time.Since(out.Start) }()
	rng := rand.New(rand.NewPCG(spec.Seed, 2))
	plan, err := newStressPlan(suites, spec, rng)
	if err != nil {
		return out, err
	}
	before, _, err := leaked()
	if err != nil {
		return out, err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	defer func() { out.Ran = plan.counts() }()
	for ctx.Err() == nil {
		load := plan.next(time.Since(out.Start))
		if load == nil {
			break
		}
		out.Count++
		var skip *SkipError
		switch err = plan.window(ctx, load, &out); {
		case errors.As(err, &skip):
			if out.Skipped == nil {
				out.Skipped = map[string]string{}
			}
			out.Skipped[load.c.Load.Name] = skip.Reason
			plan.drop(load)
		case errors.Is(err, ErrUnknown): // neither a failure nor a pass: another window may decide
			load.why = err
		case err != nil:
			out.Caught = time.Since(out.Start)
			err = fmt.Errorf("at %s, window %d: %w", out.Point.Name(), out.Count, err)
			out.Trial, err = failed(out.Trial, plan.kept.close(err))
			return out, err
		default:
			load.decided = true
		}
	}
	if err = plan.kept.close(nil); err == nil {
		err = plan.verdict(out.Turns, before)
	}
	if err != nil {
		out.Trial, err = failed(out.Trial, err)
		return out, err
	}
	out.Status = results.Ok
	return out, nil
}

// window runs one window of a load. Some continue with the subjects of the window before.
func (p *stressPlan) window(ctx context.Context, load *stressLoad, out *Stressed) (err error) {
	c := load.c
	out.Point = p.spec.Cell
	out.Point.Work = c.Load.Name
	out.Point.Params = load.draw(p.rng)
	out.Point.Procs = stressProcs[p.rng.IntN(len(stressProcs))]
	runtime.GOMAXPROCS(out.Point.Procs)
	if c.Load.Lasting && p.rng.IntN(2) == 0 {
		load.subjects.restart()
		c.run = c.lasting(&load.subjects)
		defer func() {
			if err != nil {
				load.subjects.forget()
			}
		}()
	}
	t := &Trial{
		Context: ctx, spec: p.spec, c: c, rng: p.rng, carried: load.carried, kept: p.kept,
		plan: []windowPlan{stressWindow(p.rng, out.Point.Procs)},
	}
	t.observer = func(r windowResult) { out.Trial.Turns += r.all }
	if t.values, err = readParams(c.Load.Params, out.Point.Params); err != nil {
		return err
	}
	load.windows++
	if p.spec.OnWindow != nil {
		if err := p.spec.OnWindow(*out); err != nil {
			return fmt.Errorf("reporting a window's start: %w", err)
		}
	}
	start := time.Now()
	defer func() { load.spent += time.Since(start) }()
	pprof.Do(ctx, pprof.Labels(ReplayEnv, fmt.Sprintf("%d@%s", p.spec.Seed, out.Point.Name())), func(ctx context.Context) {
		t.Context = ctx
		err = t.run()
	})
	if err != nil {
		return err
	}
	if t.turns() == 0 {
		return errNoTurn
	}
	return nil
}

func (p *stressPlan) counts() map[string]int {
	counts := map[string]int{}
	for _, l := range p.loads {
		counts[l.c.Load.Name] += l.windows
	}
	return counts
}

// verdict returns an error unless windows have decided, with turns, and left no goroutine.
func (p *stressPlan) verdict(turns uint64, leakedBefore int) error {
	if err := p.unknown(); err != nil {
		return err
	}
	if turns == 0 {
		return errNoTurn
	}
	return moreLeaked(leakedBefore)
}

// unknown returns an error that wraps ErrUnknown if a load decided nothing in all its
// windows, or if every load was skipped.
func (p *stressPlan) unknown() error {
	var names []string
	var why error
	for _, l := range p.undecided() {
		names = append(names, l.c.Load.Name)
		why = l.why
	}
	switch {
	case len(p.loads) == 0:
		return fmt.Errorf("%w: no workload can run here", ErrUnknown)
	case why == nil:
		return nil
	}
	return fmt.Errorf("no window of %s decided: %w", strings.Join(names, ", "), why)
}

// stressProcs are the values of GOMAXPROCS to draw from: one, about the number of cores,
// and more. With more, a preempted holder leaves its waiters spinning.
var stressProcs = []int{1, 2, 2, 3, 4, 8}

// stressWindow plans one short window with a random mixture of disturbances. One in five
// has none, because a yield hides a race of a few nanoseconds as often as it exposes one.
//
// On one processor, there are always some. Goroutines that wake each other, one of them
// locked to a thread, keep others from that processor for ever: each switch to a locked one
// starts a new time slice (schedule in runtime/proc.go), and no slice gets long enough to
// be ended.
func stressWindow(rng *rand.Rand, procs int) windowPlan {
	yield := []float64{0, 0, 0.01, 0.1, 0.5}[rng.IntN(5)]
	if procs == 1 {
		yield = max(yield, 0.01)
	}
	hold := []float64{0, 0, 0.01, 0.2}[rng.IntN(4)]
	length := time.Duration(5+rng.IntN(20)) * time.Millisecond
	return windowPlan{kind: stressing, warm: time.Millisecond, length: length, tune: func(w *Worker) {
		if yield == 0 && hold == 0 {
			return
		}
		w.seen = never
		w.every = func(w *Worker) {
			if w.at == stop { // let calls in progress finish
				w.timed = false
				return
			}
			w.timed = hold > 0
			disturb(w, yield)
		}
		w.marked = func(w *Worker) {
			w.timed = false
			disturb(w, hold)
		}
	}}
}

// disturb yields with the given probability, and rarely sleeps.
func disturb(w *Worker, probability float64) {
	r := w.rng.Float64()
	switch {
	case r < probability/200:
		time.Sleep(time.Duration(1 + w.rng.IntN(50_000)))
	case r < probability:
		runtime.Gosched()
	}
}
