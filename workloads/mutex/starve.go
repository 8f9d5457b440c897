package mutex

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/impls/mutex/delegation"
	"github.com/contendbench/contend/workloads/load"
)

// starve has one worker come now and then among others that come back at once. A lock
// that promises to starve no waiter serves each of them in the end.
var starve = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "starve", Turn: "acquisition by the lone worker",
		About:  "a worker comes now and then among others that come back at once, and each must be served",
		Params: []harness.AnyParam{load.Goroutines, load.Hold},
		Needs:  []impls.Promise{impls.StarvationFree}, Probes: []impls.Promise{impls.StarvationFree},
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(load.Goroutines.In(8, 3, 16), load.Hold.In(1000, 0, 20_000))},
		},
	},
	Run: runStarve,
}

func runStarve(t *harness.Trial, newLock locks.New) error {
	return runLone(t, func() delegation.Doer { return delegation.Under(newLock()) })
}

// starveDelegated is starve for locks that take the section as a function.
var starveDelegated = harness.Workload[delegation.New]{
	Load: harness.Load{
		Name: "delegation-starve", Turn: "section of the lone worker", About: starve.About,
		Params: starve.Params,
		Needs:  []impls.Promise{impls.StarvationFree}, Probes: []impls.Promise{impls.StarvationFree},
		Points: starve.Points,
	},
	Run: runLone,
}

// starveTime is the minimum length of a window: a lone worker that comes often enough to be
// forgotten once.
const starveTime = 50 * time.Millisecond

func runLone(t *harness.Trial, newDoer delegation.New) error {
	n, hold := load.Goroutines.Of(t), t.Spins(load.Hold.Of(t))
	return t.Window(func(w *harness.Window) error {
		w.AtLeast(starveTime)
		doer, lone, others := newDoer(), new(load.Victim), load.NewVictims(n)
		w.Go("lone", 1, func(w *harness.Worker) {
			for w.Next() {
				load.Pause(w.Rand(), time.Millisecond)
				lone.Waits()
				doer.Do(lone.Served)
			}
		}, harness.Then(lone.Leaves))
		w.Go("other", n, func(w *harness.Worker) {
			me := others.Of(w)
			visit := func() {
				me.Served()
				lone.Pass(w)
				others.Pass(w)
				w.Spin(hold)
			}
			for w.Next() && (!lone.Over() || !others.Rest(w)) {
				me.Waits()
				doer.Do(visit)
			}
		}, harness.After("lone"))
		w.Check(func() error { return end(doer) })
		return nil
	})
}
