package cas

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/cell"
	"github.com/contendbench/contend/workloads/load"
)

// swap calls CompareAndSwap itself, where record leaves the retries to Update.
var swap = harness.Workload[cell.New[cell.Record]]{
	Load: harness.Load{
		Name: "swap", Turn: "try", About: "n workers load a record and try to swap in the next",
		Params:    []harness.AnyParam{load.Goroutines, load.Think, load.Yield},
		Metrics:   []harness.Metric{retries},
		Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: load.Once,
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3, 8), load.Yield.In(0, 1, 10)),
				harness.Over(crowd, load.Yield.In(0, 1, 10)),
			},
		},
	},
	Run: runSwap,
}

func runSwap(t *harness.Trial, newCell cell.New[cell.Record]) error {
	yield, think := load.Yield.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		records := []cell.Cell[cell.Record]{newCell(cell.Record{})}
		tally := newTally(records)
		w.Go("worker", load.Goroutines.Of(t), func(w *harness.Worker) {
			var tries, made uint64
			for w.Next() {
				old := records[0].Load()
				if !whole(old) {
					w.Fail(errTorn)
				}
				tries++
				load.Yields(tries, yield)
				if records[0].CompareAndSwap(old, next(old, w.ID)) {
					made++
				}
				w.Think(think)
			}
			tally.versions[0].Add(made)
			tally.tries.Add(tries)
		})
		w.Check(func() error { return tally.check(w, records) })
		return nil
	})
}
