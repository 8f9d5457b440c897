package mutex

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// counter is the plainest load: n workers, one lock, one shared section.
var counter = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "counter", Turn: "acquisition", About: "n workers, one lock, one short section",
		Params:    []harness.AnyParam{load.Goroutines, load.Hold, load.Think, load.Yield},
		Metrics:   sectionMetrics,
		Probes:    []impls.Promise{impls.Try},
		CurveAxis: load.Goroutines, WantsFairness: true,
		Lasting: true,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(load.Goroutines.In(8)), harness.Over(load.Goroutines.In(64, 2, 1))},
			Standard: []harness.Grid{
				harness.Over(crowds),
				harness.Over(load.Goroutines.In(2, 8, 64), load.Hold.In(1000), load.Think.In(0, 5000)),
				harness.Over(load.Goroutines.In(8), load.Yield.In(10)),
			},
			Full: []harness.Grid{
				harness.Over(crowds, load.Hold.In(0, 100, 1000, 10_000), load.Think.In(0, 1000, 10_000), load.Yield.In(0, 10)),
			},
			Stress: []harness.Grid{
				harness.Over(few, load.Hold.In(0, 200), load.Think.In(0, 200), load.Yield.In(0, 1, 10)),
				harness.Over(crowd, load.Hold.In(0, 200), load.Yield.In(0, 1, 10)),
			},
		},
	},
	Run: runCounter,
}

func runCounter(t *harness.Trial, newLock locks.New) error {
	n, yield := load.Goroutines.Of(t), load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock(), new(section), make([]tally, n)
		w.Go("worker", n, func(w *harness.Worker) {
			mine := &tallies[w.ID]
			for w.Next() {
				lock.Lock()
				w.Mark()
				shared.visit(w, mine, hold, yield)
				lock.Unlock()
				w.Think(think)
			}
		})
		w.Check(func() error { return settled(w, lock, shared, tallies) })
		return nil
	})
}
