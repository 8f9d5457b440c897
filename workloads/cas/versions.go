package cas

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/cell"
)

var errTorn = errors.New("a worker got a torn record, which mixes two updates")

// next is the record that a worker makes of the last one: a version, the worker, a word
// that differs in every version, and the sum of the three.
func next(r cell.Record, worker int) cell.Record {
	r[0]++
	r[1] = uint64(worker)
	r[2] = r[0]*0x9e3779b97f4a7c15 + r[1]
	r[3] = r[0] + r[1] + r[2]
	return r
}

func whole(r cell.Record) bool { return r[3] == r[0]+r[1]+r[2] }

// A tally counts what was done to some records.
type tally struct {
	before   []uint64        // versions at the start of the window
	versions []atomic.Uint64 // that were made, of each record
	tries    atomic.Uint64
}

func newTally(records []cell.Cell[cell.Record]) *tally {
	y := &tally{before: make([]uint64, len(records)), versions: make([]atomic.Uint64, len(records))}
	for i, c := range records {
		y.before[i] = c.Load()[0]
	}
	return y
}

// check compares the records with what was done.
func (y *tally) check(w *harness.Window, records []cell.Cell[cell.Record]) error {
	updates := uint64(0)
	for i, c := range records {
		r, made := c.Load(), y.versions[i].Load()
		if !whole(r) || r[0] != y.before[i]+made {
			return fmt.Errorf("a record was at version %d and is at version %d after %d updates", y.before[i], r[0], made)
		}
		updates += made
	}
	if updates > 0 {
		w.Set(retries, float64(y.tries.Load()-updates)/float64(updates))
	}
	return nil
}
