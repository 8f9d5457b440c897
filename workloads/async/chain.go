package async

import (
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// chain has functions that await k others one after the other.
var chain = harness.Load{
	Name: "chain", Turn: "chain of awaits", About: "a function starts and awaits k others, one after the other",
	Params:    []harness.AnyParam{load.Goroutines, length, workers},
	Metrics:   []harness.Metric{nsPerAwait},
	CurveAxis: length, Allocates: true,
	Points: harness.Points{
		Quick:    []harness.Grid{harness.Over(load.Goroutines.In(1), length.In(100))},
		Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8), length.In(1, 10, 100, 1000))},
		Stress:   []harness.Grid{harness.Over(few, harness.Within(length, 1, 1000), workers.In(1, 2, 3))},
	},
}

var (
	few = load.Goroutines.In(1, 2, 8)

	length = harness.Param[int]{
		Key: "length", About: "awaits in a row, 1 to 100000", Default: 100, Valid: harness.Between(1, 100_000),
	}
	nsPerAwait = harness.Metric{
		Unit: "ns/await", Better: harness.Lower, About: "time of a chain for each of its awaits",
	}
)

func runChain(t *harness.Trial, newExecutor start) error {
	k := length.Of(t)
	p := repeated(leaf, k, false)
	want := p.forecast()
	return t.Window(func(w *harness.Window) error {
		var spent, chains atomic.Int64
		e := newExecutor(workers.Of(t))
		callers(w, e, load.Goroutines.Of(t), func() error {
			begin := time.Now()
			err := e.await(p, want)
			spent.Add(int64(time.Since(begin)))
			chains.Add(1)
			return err
		})
		w.Check(func() error {
			w.Set(nsPerAwait, float64(spent.Load())/float64(max(chains.Load(), 1)*int64(k)))
			return nil
		})
		return nil
	})
}
