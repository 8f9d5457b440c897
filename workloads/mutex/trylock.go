package mutex

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// trylock takes the lock by TryLock and falls back on Lock, so that both meet each other.
var trylock = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "trylock", Turn: "acquisition", About: "TryLock, and Lock after 16 failures",
		Params:    []harness.AnyParam{load.Goroutines, load.Hold, load.Think, load.Yield},
		Metrics:   append([]harness.Metric{failedTries}, sectionMetrics...),
		Needs:     []impls.Promise{impls.Try},
		Probes:    []impls.Promise{impls.Try},
		CurveAxis: load.Goroutines,
		Lasting:   true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8))},
			Stress: []harness.Grid{
				harness.Over(few, load.Yield.In(0, 1)), harness.Over(crowd, load.Yield.In(0, 1)),
			},
		},
	},
	Method: tryMethod,
	Run:    runTryLock,
}

func tryMethod(newLock locks.New) (string, bool) {
	_, ok := newLock().(locks.TryLocker)
	return "TryLock() bool", ok
}

var failedTries = harness.Metric{
	Unit: "failed-tries/op", Better: harness.Lower, About: "failures of TryLock for each acquisition",
}

// patience is how many failures of TryLock a worker takes before it calls Lock.
const patience = 16

func runTryLock(t *harness.Trial, newLock locks.New) error {
	n, yield := load.Goroutines.Of(t), load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock().(locks.TryLocker), new(section), make([]tally, n)
		failures := make([]tally, n)
		w.Go("worker", n, func(w *harness.Worker) {
			mine, missed := &tallies[w.ID], &failures[w.ID]
			for w.Next() {
				for tries := 0; !lock.TryLock(); tries++ {
					missed.turns++
					if tries == patience {
						lock.Lock()
						break
					}
				}
				w.Mark()
				shared.visit(w, mine, hold, yield)
				lock.Unlock()
				w.Think(think)
			}
		})
		w.Check(func() error {
			var missed uint64
			for i := range failures {
				missed += failures[i].turns
			}
			w.Set(failedTries, float64(missed)/float64(max(shared.turns, 1)))
			return settled(w, lock, shared, tallies)
		})
		return nil
	})
}
