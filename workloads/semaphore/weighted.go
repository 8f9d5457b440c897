package semaphore

import (
	"context"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// weighted gives every second worker a heavy weight. The row counts the turns of all
// workers, and heavy-turns/op is the share of the heavy ones.
var weighted = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "weighted", Turn: "acquisition", About: "every second worker takes several permits at once",
		Params:  append([]harness.AnyParam{weight}, common...),
		Metrics: []harness.Metric{heavyTurns},
		Needs:   []impls.Promise{sems.Weighted}, Probes: []impls.Promise{sems.Weighted},
		CurveAxis: load.Goroutines,
		Lasting:   true,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(load.Goroutines.In(8))},
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 8, 64), weight.In(2, 4), load.Hold.In(0, 1000)),
			},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 8, 64), weight.In(2, 4)),
				harness.Over(crowd, weight.In(3), harness.Within(permitCount, 3, 2000)),
			},
		},
	},
	Run: runWeighted,
}

var (
	weight = harness.Param[int]{
		Key: "weight", About: "permits that a heavy worker takes, at most all", Default: 3, Valid: harness.AtLeast(1),
	}
	heavyTurns = harness.Metric{Unit: "heavy-turns/op", About: "share of acquisitions by heavy workers"}
)

func runWeighted(t *harness.Trial, newSemaphore sems.New) error {
	n, size := load.Goroutines.Of(t), permitCount.Of(t)
	heavy := min(weight.Of(t), size)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(size), newLimit(size)
		w.While(l.free)
		var heavies atomic.Uint64
		w.Go("worker", n, func(w *harness.Worker) {
			if w.ID%2 == 1 {
				turn(w, s, l, 1, hold, think)
				return
			}
			mine := uint64(0)
			for w.Next() {
				if err := s.Acquire(context.Background(), heavy); err != nil {
					w.Fail(err)
					return
				}
				w.Mark()
				l.enter(w, heavy)
				w.Spin(hold)
				l.leave(heavy)
				s.Release(heavy)
				mine++
				w.Think(think)
			}
			heavies.Add(mine)
		})
		w.Check(func() error {
			w.Set(heavyTurns, float64(heavies.Load())/float64(max(w.Turns("worker"), 1)))
			return l.settled(s, size)
		})
		return nil
	})
}
