package cas

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas"
	"github.com/contendbench/contend/workloads/load"
)

var errTorn = errors.New("a reader got a record of which half is another one's")

// next is the record that a worker makes of one: a version, the writer, what is new in any case, and the sum of the three.
func next(r cas.Record, writer int) cas.Record {
	r[0]++
	r[1] = uint64(writer)
	r[2] = r[0]*0x9e3779b97f4a7c15 + r[1]
	r[3] = r[0] + r[1] + r[2]
	return r
}

func whole(r cas.Record) bool { return r[3] == r[0]+r[1]+r[2] }

// A tally counts what was done to some cells.
type tally struct {
	versions []atomic.Uint64 // of each cell, made
	tries    atomic.Uint64
}

// check compares the records with what was done, and reports how often a try was made in vain.
func (y *tally) check(w *harness.Window, cells []cas.Cell[cas.Record]) error {
	updates := uint64(0)
	for i, c := range cells {
		r, want := c.Load(), y.versions[i].Load()
		if !whole(r) || r[0] != want {
			return fmt.Errorf("a record stands at version %d after %d updates", r[0], want)
		}
		updates += want
	}
	if updates > 0 {
		w.Metric("retries/op", float64(y.tries.Load()-updates)/float64(updates))
	}
	return nil
}

func record(t *harness.Trial, create cas.NewCell[cas.Record]) error {
	n, share, yield := cells.Of(t), readPct.Of(t)/100, load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		records, tally := make([]cas.Cell[cas.Record], n), tally{versions: make([]atomic.Uint64, n)}
		for i := range records {
			records[i] = create(cas.Record{})
		}
		w.Go("worker", load.Goroutines.Of(t), func(w *harness.Worker) {
			made, last, draws := make([]uint64, n), make([]uint64, n), draw(w, n, share)
			var tries uint64
			update := func(r cas.Record) cas.Record {
				tries++
				w.Spin(hold)
				load.Yields(tries, yield)
				return next(r, w.ID)
			}
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				i := draws.cell[turn]
				var r cas.Record
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
					w.Fail(fmt.Errorf("version %d was seen after %d", r[0], last[i]))
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

func swap(t *harness.Trial, create cas.NewCell[cas.Record]) error {
	yield, think := load.Yield.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		records, tally := []cas.Cell[cas.Record]{create(cas.Record{})}, tally{versions: make([]atomic.Uint64, 1)}
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
