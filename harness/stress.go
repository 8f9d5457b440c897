package harness

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"github.com/contendbench/contend/results"
)

// Stressed is the result of a stress trial.
type Stressed struct {
	results.Trial
	Count  int           `json:"count"`     // windows run, including the one that failed
	Caught time.Duration `json:"caught_ns"` // from the start to the failure; 0: no failure
	Point  results.Cell  `json:"point"`     // point of the last window
}

// Stress runs windows of an implementation for spec.Stress, or until a check fails. It
// draws each window's load from those that spec selects. It draws the point from the
// load's stress grids, unless the cell has parameters. It also draws GOMAXPROCS, and most
// windows yield at random places. The seed repeats the plan, not the schedule.
func Stress(ctx context.Context, suites []Suite, spec Spec) (out Stressed, err error) {
	out.Trial = results.Trial{Cell: spec.Cell, Round: spec.Round, Seed: spec.Seed, Start: time.Now()}
	defer func() { out.Took = time.Since(out.Start) }()
	loads, err := stressLoads(suites, spec)
	if err != nil {
		return out, err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rng := rand.New(rand.NewPCG(spec.Seed, 2))
	decided, undecided := false, error(nil)
	for (out.Count == 0 || time.Since(out.Start) < spec.Stress) && ctx.Err() == nil {
		load := loads[rng.IntN(len(loads))]
		out.Point = spec.Cell
		out.Point.Work = load.c.Load.Name
		out.Point.Params = load.points[rng.IntN(len(load.points))]
		out.Point.Procs = stressProcs[rng.IntN(len(stressProcs))]
		runtime.GOMAXPROCS(out.Point.Procs)
		t := &Trial{Context: ctx, spec: spec, c: load.c, rng: rng, plan: []windowPlan{stressWindow(rng)}}
		t.observer = func(r windowResult) { out.Trial.Turns += r.all }
		if t.values, err = readParams(load.c.Load.Params, out.Point.Params); err != nil {
			return out, err
		}
		out.Count++
		if err = t.run(); errors.Is(err, ErrUnknown) {
			undecided = err // neither a failure nor a pass: another window may decide
			continue
		}
		decided = decided || err == nil
		if err != nil {
			out.Caught = time.Since(out.Start)
			err = fmt.Errorf("at %s, window %d: %w", out.Point.Name(), out.Count, err)
			out.Trial, err = failed(out.Trial, err)
			return out, err
		}
	}
	if !decided && undecided != nil {
		out.Trial, err = failed(out.Trial, undecided)
		return out, err
	}
	out.Status = results.Ok
	return out, nil
}

// stressPoints returns the points at which a case is stressed: those of the load's stress
// grids within the implementation's limit of goroutines.
func (c Case) stressPoints() [][]results.Param {
	grids := c.Load.Points.Stress
	if len(grids) == 0 {
		grids = []Grid{Over()}
	}
	var points [][]results.Param
	for _, p := range c.Points(grids, nil) {
		if limit := c.Impl.Limits.Crowd; limit == 0 || c.Load.Crowd(p) <= limit {
			points = append(points, p)
		}
	}
	return points
}

// stressLoad is a load that a stress run draws, and its points.
type stressLoad struct {
	c      Case
	points [][]results.Param
}

// stressLoads returns the loads that a stress run draws from.
func stressLoads(suites []Suite, spec Spec) ([]stressLoad, error) {
	var loads []stressLoad
	for _, s := range suites {
		if s.Contract != spec.Cell.Contract || spec.Suite != "" && s.Name != spec.Suite {
			continue
		}
		for i, l := range s.Loads {
			if spec.Cell.Work != "" && l.Name != spec.Cell.Work {
				continue
			}
			if len(spec.Loads) > 0 && !slices.Contains(spec.Loads, l.Name) {
				continue
			}
			for _, c := range s.Cases(i) {
				if c.Impl.Name != spec.Cell.Impl {
					continue
				}
				points := c.stressPoints()
				if len(spec.Cell.Params) > 0 {
					points = [][]results.Param{spec.Cell.Params}
				}
				if len(points) > 0 {
					loads = append(loads, stressLoad{c, points})
				}
			}
		}
	}
	if len(loads) == 0 {
		return nil, fmt.Errorf("stressing %s of %s: no workload fits", spec.Cell.Impl, spec.Cell.Contract)
	}
	return loads, nil
}

// stressProcs are the values of GOMAXPROCS to draw from: one, about the number of cores,
// and more. With more, a preempted holder leaves its waiters spinning.
var stressProcs = []int{1, 2, 2, 3, 4, 8}

// stressWindow plans one short window with a random mixture of disturbances. One in five
// has none, because a yield hides a race of a few nanoseconds as often as it exposes one.
func stressWindow(rng *rand.Rand) windowPlan {
	yield := []float64{0, 0, 0.01, 0.1, 0.5}[rng.IntN(5)]
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
