package cas

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/cell"
	"github.com/contendbench/contend/workloads/load"
)

// panicking has the function of some updates panic. The others must go on, and no update
// of theirs may be lost.
var panicking = harness.Workload[cell.New[cell.Record]]{
	Load: harness.Load{
		Name: "panicking", Turn: "20 updates by each",
		About:  "some updates panic beside others, and the cell works on",
		Params: []harness.AnyParam{load.Goroutines},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(load.Goroutines, 1, 40))}},
	},
	Run: func(t *harness.Trial, newCell cell.New[cell.Record]) error {
		n := load.Goroutines.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error { return panicBeside(rng, newCell(cell.Record{}), n) })
	},
}

const panickingUpdates = 20

// panicBeside has n goroutines update a cell, and some of the updates panic.
func panicBeside(rng *rand.Rand, c cell.Cell[cell.Record], n int) error {
	errs := make([]error, n)
	made := uint64(0)
	var group sync.WaitGroup
	for id := range n {
		panics := rng.Uint32() // an update for each bit
		for i := range panickingUpdates {
			if panics>>i&1 == 0 {
				made++
			}
		}
		group.Go(func() {
			for i := range panickingUpdates {
				if panics>>i&1 == 0 {
					c.Update(func(r cell.Record) cell.Record { return next(r, id) })
				} else if err := panicIn(c); err != nil {
					errs[id] = err
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	if r := c.Load(); !whole(r) || r[0] != made {
		return fmt.Errorf("a record is at version %d after %d updates, beside some that panicked", r[0], made)
	}
	return nil
}
