package harness

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/contendbench/contend/results"
)

// Stressed is what a stress trial found.
type Stressed struct {
	results.Trial
	Count  int           `json:"count"`     // windows run, the failing one included
	Caught time.Duration `json:"caught_ns"` // from the begin to the failure; 0: none
	Point  results.Cell  `json:"point"`     // of the last window
}

// Stress runs windows of an implementation for spec.Stress, until a check fails: under the workload that
// the spec's cell names or, when it names none, under all of its contract, at points drawn from
// their stress grids or at the cell's own parameters, with yields at random places and another GOMAXPROCS
// for each window. The seed repeats the plan, not the schedule.
func Stress(ctx context.Context, rows []Row, spec Spec) (out Stressed, err error) {
	out.Trial = results.Trial{Cell: spec.Cell, Round: spec.Round, Seed: spec.Seed, Start: time.Now()}
	defer func() { out.Took = time.Since(out.Start) }()
	loads, err := stressLoads(rows, spec.Cell)
	if err != nil {
		return out, err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	rng := rand.New(rand.NewPCG(spec.Seed, 2))
	decided, undecided := false, error(nil)
	for (out.Count == 0 || time.Since(out.Start) < spec.Stress) && ctx.Err() == nil {
		load := loads[rng.IntN(len(loads))]
		out.Point = spec.Cell
		out.Point.Work = load.row.Work.Name
		out.Point.Params = load.points[rng.IntN(len(load.points))]
		out.Point.Procs = stressProcs[rng.IntN(len(stressProcs))]
		runtime.GOMAXPROCS(out.Point.Procs)
		t := &Trial{Context: ctx, spec: spec, row: load.row, rng: rng, plan: []windowPlan{stressWindow(rng)}}
		t.observer = func(r windowResult) { out.Trial.Turns += r.all }
		if t.values, err = readParams(load.row.Work.Params, out.Point.Params); err != nil {
			return out, err
		}
		out.Count++
		if err = t.run(); errors.Is(err, ErrUnknown) {
			undecided = err // no find, and no pass: another window decides
			continue
		}
		decided = decided || err == nil
		if err != nil {
			out.Caught = time.Since(out.Start)
			out.Trial, err = failed(out.Trial, fmt.Errorf("at %s, window %d: %w", out.Point.Name(), out.Count, err))
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

// stressPoints are the points at which the row is stressed: none where the workload's grids leave it out.
func (r Row) stressPoints() [][]results.Param {
	if len(r.Work.Stress) == 0 {
		return [][]results.Param{nil} // the defaults
	}
	return r.Points(r.Work.Stress, nil)
}

type stressLoad struct {
	row    Row
	points [][]results.Param
}

func stressLoads(rows []Row, cell results.Cell) ([]stressLoad, error) {
	var loads []stressLoad
	for _, r := range rows {
		if r.Contract != cell.Contract || r.Impl.Name != cell.Impl || cell.Work != "" && r.Work.Name != cell.Work {
			continue
		}
		points := r.stressPoints()
		if len(cell.Params) > 0 {
			points = [][]results.Param{cell.Params}
		}
		if len(points) > 0 {
			loads = append(loads, stressLoad{r, points})
		}
	}
	if len(loads) == 0 {
		return nil, fmt.Errorf("no workload stresses %s of %s", cell.Impl, cell.Contract)
	}
	return loads, nil
}

// stressProcs are the values of GOMAXPROCS: one, as many as cores may be, and more, where a preempted
// holder leaves its waiters alone.
var stressProcs = []int{1, 2, 2, 3, 4, 8}

// stressWindow is one short window with its own mixture of disturbances; a third of them runs as it is,
// because a yield hides an error of a few nanoseconds as often as it shows one.
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
			if w.at == stop { // what is under way must be able to end
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

// disturb yields with the probability given, and rarely sleeps.
func disturb(w *Worker, probability float64) {
	r := w.rng.Float64()
	switch {
	case r < probability/200:
		time.Sleep(time.Duration(1 + w.rng.IntN(50_000)))
	case r < probability:
		runtime.Gosched()
	}
}
