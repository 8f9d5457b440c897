package mutex

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// hog is one goroutine that holds long and comes back at once, among workers that hold
// shortly. The row counts the workers' turns; hog-turns/op is the hog's share.
var hog = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "hog", Turn: "acquisition by others", About: "one goroutine holds long and comes back at once",
		Params:    []harness.AnyParam{load.Goroutines, load.Hold, hogHold},
		Metrics:   append([]harness.Metric{hogTurns}, sectionMetrics...),
		Probes:    []impls.Promise{impls.Try},
		CurveAxis: hogHold, WantsFairness: true,
		Lasting: true,
		Points: harness.Points{
			Quick:    load.Once,
			Standard: []harness.Grid{harness.Over(hogHold.In(1000, 20_000, 100_000))},
			Stress:   []harness.Grid{harness.Over(load.Goroutines.In(3)), harness.Over(crowd)},
		},
	},
	Run: runHog,
}

var (
	hogHold = harness.Param[int]{
		Key: "hog-ns", About: "the hog's work inside the section, ns", Default: 20_000,
		Valid: harness.Between(0, 1_000_000_000),
	}
	hogTurns = harness.Metric{Unit: "hog-turns/op", About: "the hog's acquisitions for each acquisition by others"}
)

func runHog(t *harness.Trial, newLock locks.New) error {
	n := load.Goroutines.Of(t)
	hold, long := t.Spins(load.Hold.Of(t)), t.Spins(hogHold.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock(), new(section), make([]tally, n+1)
		body := func(first, hold int) func(*harness.Worker) {
			return func(w *harness.Worker) {
				mine := &tallies[first+w.ID]
				for w.Next() {
					lock.Lock()
					w.Mark()
					shared.visit(w, mine, hold, 0)
					lock.Unlock()
				}
			}
		}
		w.Go("worker", n, body(0, hold))
		w.Go("hog", 1, body(n, long))
		w.Check(func() error {
			w.Set(hogTurns, float64(w.Turns("hog"))/float64(max(w.Turns("worker"), 1)))
			return settled(w, lock, shared, tallies)
		})
		return nil
	})
}
