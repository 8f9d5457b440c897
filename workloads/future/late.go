package future

import (
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// late has subscribers come to a promise that was decided before. Each gets it, and some
// add a callback.
var late = harness.Workload[New]{
	Load: harness.Load{
		Name: "late", Turn: "subscriber",
		About:     "subscribers come to one promise that is decided, and get its value or add a callback",
		Params:    []harness.AnyParam{load.Goroutines, thenPct},
		CurveAxis: load.Goroutines, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8), thenPct.In(0, 10, 100))},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(1, 2, 8), thenPct.In(0, 10, 100)),
				harness.Over(harness.Within(load.Goroutines, 9, 600), thenPct.In(10)),
			},
		},
	},
	Run: runLate,
}

var thenPct = harness.Param[int]{
	Key: "then-pct", About: "subscribers that add a callback, percent, 0 to 100", Default: 10,
	Valid: harness.Between(0, 100),
}

func runLate(t *harness.Trial, newPromise New) error {
	n, pct := load.Goroutines.Of(t), thenPct.Of(t)
	return t.Window(func(w *harness.Window) error {
		p, v := newPromise(), made(1)
		p.Resolve(v)
		added, called := make([]uint64, n), uint64(0) // called is plain, because callbacks run one after the other
		w.Go("subscriber", n, func(w *harness.Worker) {
			count := func(got Value, err error) {
				if got != v || err != nil {
					w.Fail(errAnother)
				}
				called++
			}
			for turn := 0; w.Next(); turn++ {
				if turn*pct/100 != (turn+1)*pct/100 {
					added[w.ID]++
					p.Then(count)
				} else if got, ok := get(w, p); ok && got != v {
					w.Fail(errAnother)
				}
			}
		})
		w.Check(func() error { return allCalled(p, added, &called) })
		return nil
	})
}

// allCalled checks that as many callbacks were called as were added. It asks in callbacks,
// because these alone may read the count.
func allCalled(f futures.Future[Value], added []uint64, called *uint64) error {
	want, got := uint64(0), uint64(0)
	for _, n := range added {
		want += n
	}
	all := soon(func() bool {
		count := make(chan uint64, 1)
		f.Then(func(Value, error) { count <- *called })
		select {
		case got = <-count:
			return got >= want
		case <-time.After(time.Second):
			return false
		}
	})
	if !all || got != want {
		return fmt.Errorf("%d of %d callbacks were called", got, want)
	}
	return nil
}
