package rwlock

import (
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/rwlock/shared"
	"github.com/contendbench/contend/workloads/load"
)

// snapshot is mix one level up: a worker loads a record, or updates it.
var snapshot = harness.Workload[shared.New]{
	Load: harness.Load{
		Name: "snapshot", Turn: "load or update",
		About:     "n goroutines load or update a record at random; a turn reads some of its words",
		Params:    []harness.AnyParam{load.Goroutines, readPct, words, load.Hold, load.Think, load.Yield},
		CurveAxis: words, Allocates: true,
		Lasting: true,
		Points: harness.Points{
			Quick:    []harness.Grid{harness.Over(words.In(1024))},
			Standard: []harness.Grid{harness.Over(words.In(4, 64, 1024), readPct.In(50, 90, 99))},
			Full: []harness.Grid{
				harness.Over(words.In(4, 16, 64, 256, 1024, 4096), readPct.In(0, 50, 90, 99, 99.9, 100)),
				harness.Over(load.Goroutines.In(1, 2, 64), words.In(4, 64, 1024), readPct.In(90, 99)),
			},
			Stress: []harness.Grid{
				harness.Over(
					load.Goroutines.In(2, 3, 8), readPct.In(50, 90), words.In(4, 64, 1024),
					load.Hold.In(0, 200), load.Yield.In(0, 1, 10),
				),
				harness.Over(harness.Within(load.Goroutines, 2, 64), harness.Within(words, 2, 5000)),
			},
		},
	},
	Run: runSnapshot,
}

func runSnapshot(t *harness.Trial, newRecord shared.New) error {
	n, size, share, yield := load.Goroutines.Of(t), words.Of(t), readPct.Of(t)/100, load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		record := newRecord(size)
		before := record.Load(make([]uint64, size))[0]
		var updates atomic.Uint64
		w.Go("worker", n, func(w *harness.Worker) {
			into, seen, reads := make([]uint64, size), newWitness(size), draw(w, share)
			var turn, mine uint64
			pause := func() {
				w.Spin(hold)
				load.Yields(turn, yield)
			}
			change := func(words []uint64) { seen.saw(w, step(words, pause)) }
			for w.Next() {
				turn++
				if reads[turn%choices] {
					words := record.Load(into)
					w.Mark()
					seen.read(w, words, hold)
				} else {
					record.Update(change)
					mine++
				}
				w.Think(think)
			}
			updates.Add(mine)
		})
		w.Check(func() error {
			for i, version := range record.Load(make([]uint64, size)) {
				if made := version - before; made != updates.Load() {
					return fmt.Errorf("lost updates: word %d has moved on by %d in %d updates", i, made, updates.Load())
				}
			}
			return nil
		})
		return nil
	})
}
