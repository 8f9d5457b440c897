package rwlock

import (
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// roles has some goroutines only read and others only write. The row counts the readers'
// turns.
var roles = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "roles", Turn: "section of a reader", About: "fixed readers and fixed writers; writes may come in bursts",
		Params:    []harness.AnyParam{readers, writers, burst, load.Hold, load.Think},
		Metrics:   []harness.Metric{writesPerRead},
		CurveAxis: burst, WantsFairness: true,
		Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{
				harness.Over(readers.In(1, 8, 32), writers.In(1, 4), load.Think.In(1000)),
				harness.Over(burst.In(1, 16, 256), load.Think.In(1000)),
			},
			Stress: []harness.Grid{harness.Over(
				readers.In(2, 8), writers.In(1, 3), burst.In(1, 16), load.Hold.In(0, 200), load.Think.In(0, 200, 2000),
			)},
		},
	},
	Run: runRoles,
}

var (
	readers = harness.Param[int]{
		Key: "readers", About: "goroutines that only read, 1 to 10000", Default: 8,
		Valid: harness.Between(1, 10_000), Crowd: true,
	}
	writers = harness.Param[int]{
		Key: "writers", About: "goroutines that only write, 0 to 10000", Default: 1,
		Valid: harness.Between(0, 10_000), Crowd: true,
	}
	burst = harness.Param[int]{
		Key: "burst", About: "sections of a writer in a row, before it thinks, 1 to 10000", Default: 1,
		Valid: harness.Between(1, 10_000),
	}
	writesPerRead = harness.Metric{Unit: "writes/op", About: "sections of writers for each section of a reader"}
)

func runRoles(t *harness.Trial, newLock locks.New) error {
	hold, think, row := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t)), uint64(burst.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared := newLock(), new(record)
		var writes atomic.Uint64
		w.Go("reader", readers.Of(t), func(w *harness.Worker) {
			for w.Next() {
				token := lock.RLock()
				w.Mark()
				shared.read(w, hold, 0, 0)
				lock.RUnlock(token)
				w.Think(think)
			}
		})
		w.Go("writer", writers.Of(t), func(w *harness.Worker) {
			mine := uint64(0)
			for w.Next() {
				lock.Lock()
				shared.write(w, hold, 0, 0)
				lock.Unlock()
				if mine++; mine%row == 0 {
					w.Think(think)
				}
			}
			writes.Add(mine)
		})
		w.Check(func() error {
			w.Set(writesPerRead, float64(w.Turns("writer"))/float64(max(w.Turns("reader"), 1)))
			return shared.counted(writes.Load())
		})
		return nil
	})
}
