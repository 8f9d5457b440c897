package cas

import (
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/counter"
	"github.com/contendbench/contend/workloads/load"
)

// reset takes the sum away while workers add to it. Of two that take it at the same time,
// only one may get an addition.
var reset = harness.Workload[counter.New]{
	Load: harness.Load{
		Name: "reset", Turn: "addition", About: "n workers add while others reset the counter",
		Params:  []harness.AnyParam{load.Goroutines, takers, load.Think},
		Lasting: true,
		Needs:   []impls.Promise{counter.Resettable}, Probes: []impls.Promise{counter.Resettable},
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(
				load.Goroutines.In(1, 2, 8), takers.In(1, 2, 3), load.Think.In(0, 100),
			)},
		},
	},
	Method: resets,
	Run:    runReset,
}

var takers = harness.Param[int]{
	Key: "takers", About: "goroutines that reset the counter, 1 to 1000", Default: 1,
	Valid: harness.Between(1, 1000), Crowd: true,
}

// resets is the method of counter.Resettable.
func resets(newCounter counter.New) (name string, has bool) {
	_, has = newCounter().(counter.Resetter)
	return "Reset", has
}

// resetsToYield is how many resets there are to a yield.
const resetsToYield = 16

func runReset(t *harness.Trial, newCounter counter.New) error {
	think := t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		c := newCounter().(counter.Resetter)
		var added, taken atomic.Int64
		before := c.Load()
		w.Go("worker", load.Goroutines.Of(t), func(w *harness.Worker) {
			mine := int64(0)
			for w.Next() {
				c.Add(1)
				mine++
				w.Think(think)
			}
			added.Add(mine)
		})
		w.Go("taker", takers.Of(t), func(w *harness.Worker) {
			for turn := uint64(0); w.Next(); turn++ {
				taken.Add(c.Reset())
				load.Yields(turn, resetsToYield)
			}
		})
		w.Check(func() error {
			if got := taken.Load() + c.Load() - before; got != added.Load() {
				return fmt.Errorf("resets and the last sum hold %d of %d additions of 1", got, added.Load())
			}
			return nil
		})
		return nil
	})
}
