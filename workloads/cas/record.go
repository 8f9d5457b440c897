package cas

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/cell"
	"github.com/contendbench/contend/workloads/load"
)

// record updates and reads versioned records. An update that takes long may fail again
// and again.
var record = harness.Workload[cell.New[cell.Record]]{
	Load: harness.Load{
		Name: "record", Turn: "update", About: "n workers update or read one of some versioned records",
		Params:    []harness.AnyParam{load.Goroutines, cellCount, readPct, load.Hold, load.Think, load.Yield},
		Metrics:   []harness.Metric{retries},
		CurveAxis: load.Goroutines, Maps: []harness.Plane{{load.Goroutines, readPct}},
		WantsFairness: true, Allocates: true, Lasting: true,
		Points: harness.Points{
			Quick: load.Once,
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 8, 64), readPct.In(0, 50, 90)),
				harness.Over(cellCount.In(16)),
				harness.Over(load.Yield.In(1)),
			},
			Full: []harness.Grid{harness.Over(
				load.Goroutines.In(1, 2, 8, 64), cellCount.In(1, 16), readPct.In(0, 50, 90),
				load.Hold.In(0, 1000), load.Yield.In(0, 1),
			)},
			Stress: []harness.Grid{harness.Over(
				load.Goroutines.In(2, 3, 8, 32), cellCount.In(1, 4), readPct.In(0, 50),
				load.Hold.In(0, 200), load.Yield.In(0, 1, 10),
			)},
		},
	},
	Run: runRecord,
}

// recordCrowd has more workers than an Update may expect tries.
var recordCrowd = harness.Workload[cell.New[cell.Record]]{
	Load: harness.Load{
		Name: "record-crowd", Turn: "update", About: "a crowd updates one record, and most of its tries fail",
		Params: record.Params, Metrics: record.Metrics,
		Lasting: true,
		Points:  harness.Points{Stress: []harness.Grid{harness.Over(crowd, load.Yield.In(1))}},
	},
	Run: runRecord,
}

func runRecord(t *harness.Trial, newCell cell.New[cell.Record]) error {
	n, share, yield := cellCount.Of(t), readPct.Of(t)/100, load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		records := apart(n, func() cell.Cell[cell.Record] { return newCell(cell.Record{}) })
		tally := newTally(records)
		w.Go("worker", load.Goroutines.Of(t), func(w *harness.Worker) {
			made, last, draws := make([]uint64, n), make([]uint64, n), draw(w, n, share)
			var tries uint64
			update := func(r cell.Record) cell.Record {
				tries++
				w.Spin(hold)
				load.Yields(tries, yield)
				return next(r, w.ID)
			}
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				i := draws.place[turn]
				var r cell.Record
				if draws.reads[turn] {
					r = records[i].Load()
				} else {
					r = records[i].Update(update)
					made[i]++
				}
				if !whole(r) {
					w.Fail(errTorn)
				}
				if r[0] < last[i] {
					w.Fail(fmt.Errorf("a worker saw version %d after version %d", r[0], last[i]))
				}
				last[i] = r[0]
				w.Think(think)
			}
			for i := range made {
				tally.versions[i].Add(made[i])
			}
			tally.tries.Add(tries)
		})
		w.Check(func() error { return tally.check(w, records) })
		return nil
	})
}
