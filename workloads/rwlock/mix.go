package rwlock

import (
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// mix is the plainest load: n workers, each of which reads or writes at random.
var mix = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "mix", Turn: "section", About: "n goroutines read or write at random",
		Params:    []harness.AnyParam{load.Goroutines, readPct, load.Hold, load.Think, load.Yield},
		CurveAxis: readPct, Maps: []harness.Plane{{readPct, load.Hold}}, WantsFairness: true,
		Lasting: true,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(readPct.In(90, 99))},
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 8, 64), readPct.In(50, 90, 99, 100)),
				harness.Over(load.Goroutines.In(8), readPct.In(50, 90, 99, 100), load.Hold.In(100, 1000, 10_000)),
			},
			Full: []harness.Grid{harness.Over(
				load.Goroutines.In(1, 2, 4, 8, 16, 64), readPct.In(0, 50, 90, 99, 99.9, 100),
				load.Hold.In(0, 100, 1000, 10_000),
			)},
			Stress: []harness.Grid{
				harness.Over(
					load.Goroutines.In(2, 3, 8, 32), readPct.In(50, 90, 99), load.Hold.In(0, 200), load.Yield.In(0, 1, 10),
				),
				harness.Over(crowd, readPct.In(50, 90, 99)),
			},
		},
	},
	Run: runMix,
}

func runMix(t *harness.Trial, newLock locks.New) error {
	n, share, yield := load.Goroutines.Of(t), readPct.Of(t)/100, load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared := newLock(), new(record)
		var writes atomic.Uint64
		w.Go("worker", n, func(w *harness.Worker) {
			reads := draw(w, share)
			var turn, mine uint64
			for w.Next() {
				turn++
				if reads[turn%choices] {
					token := lock.RLock()
					w.Mark()
					shared.read(w, hold, yield, turn)
					lock.RUnlock(token)
				} else {
					lock.Lock()
					w.Mark()
					shared.write(w, hold, yield, turn)
					lock.Unlock()
					mine++
				}
				w.Think(think)
			}
			writes.Add(mine)
		})
		w.Check(func() error { return shared.counted(writes.Load()) })
		return nil
	})
}
