package semaphore

import (
	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// permits is the plainest load: n workers that take one permit at a time.
var permits = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "permits", Turn: "acquisition", About: "n workers compete for permits, one each",
		Params:    common,
		CurveAxis: load.Goroutines, Maps: []harness.Plane{{permitCount, load.Hold}}, WantsFairness: true,
		Lasting: true,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(load.Goroutines.In(8))},
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(1, 2, 4, 8, 16, 64), permitCount.In(1, 4)),
				harness.Over(load.Goroutines.In(8), permitCount.In(1, 4, 16), load.Hold.In(0, 1000, 10_000)),
			},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 8, 64), permitCount.In(1, 2, 7), load.Hold.In(0, 200)),
				harness.Over(crowd, harness.Within(permitCount, 1, 2000)),
			},
		},
	},
	Run: runPermits,
}

func runPermits(t *harness.Trial, newSemaphore sems.New) error {
	n, size := load.Goroutines.Of(t), permitCount.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(size), newLimit(size)
		w.While(l.free)
		w.Go("worker", n, func(w *harness.Worker) { turn(w, s, l, 1, hold, think) })
		w.Check(func() error { return l.settled(s, size) })
		return nil
	})
}
