package mutex

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// outliers gives a rare section a long hold: the waiters that queue up behind it show how
// a lock recovers.
var outliers = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "outliers", Turn: "acquisition", About: "a rare section is long",
		Params:  []harness.AnyParam{load.Goroutines, load.Hold, load.Think, load.Yield, outlier, outlierOneIn},
		Metrics: sectionMetrics,
		Probes:  []impls.Promise{impls.Try},
		Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{
				harness.Over(outlier.In(50_000), outlierOneIn.In(500)),
				harness.Over(outlier.In(1_000_000), outlierOneIn.In(10_000)),
			},
			Stress: []harness.Grid{harness.Over(few), harness.Over(crowd)},
		},
	},
	Run: runOutliers,
}

var (
	outlier = harness.Param[int]{
		Key: "outlier-ns", About: "work inside an outlier's section, ns", Default: 50_000,
		Valid: harness.Between(0, 1_000_000_000),
	}
	outlierOneIn = harness.Param[int]{
		Key: "outlier-one-in", About: "one section in this many is an outlier", Default: 500, Valid: harness.AtLeast(1),
	}
)

func runOutliers(t *harness.Trial, newLock locks.New) error {
	n, one, yield := load.Goroutines.Of(t), uint64(outlierOneIn.Of(t)), load.Yield.Of(t)
	hold, long, think := t.Spins(load.Hold.Of(t)), t.Spins(outlier.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock(), new(section), make([]tally, n)
		w.Go("worker", n, func(w *harness.Worker) {
			mine := &tallies[w.ID]
			for w.Next() {
				lock.Lock()
				w.Mark()
				steps := hold
				if shared.turns%one == one-1 {
					steps = long
				}
				shared.visit(w, mine, steps, yield)
				lock.Unlock()
				w.Think(think)
			}
		})
		w.Check(func() error { return settled(w, lock, shared, tallies) })
		return nil
	})
}
