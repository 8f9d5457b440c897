package cas

import (
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/counter"
	"github.com/contendbench/contend/workloads/load"
)

// count adds to counters and reads them. Sums must not fall while workers add, and must
// be exact at the end.
var count = harness.Workload[counter.New]{
	Load: harness.Load{
		Name: "count", Turn: "addition", About: "n workers add to one of some counters, or read it",
		Params:    []harness.AnyParam{load.Goroutines, cellCount, readPct, load.Think},
		CurveAxis: load.Goroutines, Maps: []harness.Plane{{load.Goroutines, cellCount}},
		WantsFairness: true,
		Lasting:       true,
		Points: harness.Points{
			Quick: load.Once,
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 8, 64), cellCount.In(1, 16, 256)),
				harness.Over(readPct.In(50)),
			},
			Full: []harness.Grid{harness.Over(
				load.Goroutines.In(1, 2, 4, 8, 16, 64), cellCount.In(1, 16, 256), readPct.In(0, 10, 50),
				load.Think.In(0, 100),
			)},
			Stress: []harness.Grid{
				harness.Over(
					load.Goroutines.In(2, 3, 8, 32), cellCount.In(1, 4), readPct.In(0, 20), load.Think.In(0, 100),
				),
				harness.Over(crowd, cellCount.In(1, 4), readPct.In(0, 20)),
			},
		},
	},
	Run: runCount,
}

func runCount(t *harness.Trial, newCounter counter.New) error {
	n, share, think := cellCount.Of(t), readPct.Of(t)/100, t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		counters, added := apart(n, newCounter), make([]atomic.Int64, n)
		before := make([]int64, n)
		for i, c := range counters {
			before[i] = c.Load()
		}
		w.Go("worker", load.Goroutines.Of(t), func(w *harness.Worker) {
			adders, flush := adders(counters)
			mine, last, draws := make([]int64, n), make([]int64, n), draw(w, n, share)
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				i := draws.place[turn]
				if draws.reads[turn] {
					sum := counters[i].Load()
					if sum < last[i] {
						w.Fail(fmt.Errorf("a worker read a sum of %d after one of %d", sum, last[i]))
					}
					last[i] = sum
				} else {
					adders[i].Add(1)
					mine[i]++
				}
				w.Think(think)
			}
			flush()
			for i := range mine {
				added[i].Add(mine[i])
			}
		})
		w.Check(func() error {
			for i := range counters {
				if got, want := counters[i].Load()-before[i], added[i].Load(); got != want {
					return fmt.Errorf("the sum has grown by %d after %d additions of 1", got, want)
				}
			}
			return nil
		})
		return nil
	})
}

// adders returns what one goroutine adds to: each counter, or the goroutine's own Adder
// where the counter has them. The function flushes those at the end.
func adders(counters []counter.Counter) ([]interface{ Add(int64) }, func()) {
	all := make([]interface{ Add(int64) }, len(counters))
	var kept []counter.Adder
	for i, c := range counters {
		all[i] = c
		if b, ok := c.(counter.Batcher); ok {
			local := b.Local()
			all[i] = local
			kept = append(kept, local)
		}
	}
	return all, func() {
		for _, k := range kept {
			k.Flush()
		}
	}
}
