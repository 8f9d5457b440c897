package hashmap

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// winner lets all workers call LoadOrStore for the same keys. One of them stores, and all
// get its value.
var winner = harness.Workload[New]{
	Load: harness.Load{
		Name: "winner", Turn: "batch of 256 keys", About: "n workers LoadOrStore the same fresh keys at the same time",
		Params:    []harness.AnyParam{load.Goroutines, size},
		Needs:     []impls.Promise{maps.SetOnce},
		Probes:    []impls.Promise{maps.SetOnce, maps.Sized},
		CurveAxis: load.Goroutines, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8))},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3, 8), size.In(256, 1024)),
				harness.Over(harness.Within(load.Goroutines, 2, 32), harness.Within(size, 256, 20_000)),
			},
		},
	},
	Method: func(create New) (string, bool) {
		_, ok := create().(setter)
		return "LoadOrStore(key, value) (value, bool)", ok
	},
	Run: func(t *harness.Trial, create New) error {
		return inBatches(t, create, (*batchRun).compete, (*batchRun).oneWinner)
	},
}

// compete sets key i of the batch unless another worker has.
func (c *batchRun) compete(id, i int) error {
	number := c.first + i
	got, loaded := c.m.(setter).LoadOrStore(key(number), value(number, uint64(id)))
	c.got[id][i] = result{got, loaded}
	return nil
}

// oneWinner checks a batch.
func (c *batchRun) oneWinner() error {
	for i := range batch {
		winners, number := 0, c.first+i
		for id := range c.got {
			got := c.got[id][i]
			if !got.ok {
				winners++
			}
			if numberOf(got.value) != number {
				return foreign(number, got.value)
			}
			if got.value != c.got[0][i].value {
				return fmt.Errorf("two calls of LoadOrStore for key %d, which stays, returned different values", number)
			}
		}
		if winners != 1 {
			return fmt.Errorf("%d of %d calls of LoadOrStore for key %d reported that they stored, want 1",
				winners, c.workers, number)
		}
	}
	c.left += batch
	return count(c.m, c.left)
}
