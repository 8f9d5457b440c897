package async

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	asyncs "github.com/contendbench/contend/impls/async"
	"github.com/contendbench/contend/workloads/load"
)

// pending measures the memory of functions that wait.
var pending = harness.Load{
	Name: "pending", Turn: "function, started and cancelled",
	About:     "n functions wait, and the memory of the heap and of all stacks is divided by n",
	Params:    []harness.AnyParam{inFlight, workers},
	Metrics:   []harness.Metric{bytesPending},
	Ranks:     bytesPending,
	CurveAxis: inFlight, Allocates: true,
	Points: harness.Points{
		Quick:    []harness.Grid{harness.Over(inFlight.In(1000))},
		Standard: []harness.Grid{harness.Over(inFlight.In(1000, 10_000, 100_000))},
		Stress:   []harness.Grid{harness.Over(harness.Within(inFlight, 1, 3000), workers.In(1, 2, 3))},
	},
}

var bytesPending = harness.Metric{
	Unit: "B/pending", Better: harness.Lower, About: "bytes of the heap and of stacks for each function that waits",
}

// memory returns the bytes in use by the heap and by stacks.
func memory() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first has found to be finalized
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func runPending(t *harness.Trial, newExecutor start) error {
	n := inFlight.Of(t)
	return t.Window(func(w *harness.Window) error {
		e := newExecutor(workers.Of(t))
		var grown, rounds int64
		serve(w, e, 1, func(w *harness.Worker) {
			tasks := make([]asyncs.Task[Value], n)
			for w.Next() {
				ctx, cancel := context.WithCancel(context.Background())
				var started atomic.Int64
				p := &program{sleep: forever.sleep, visit: func() { started.Add(1) }}
				before := memory()
				for i := range tasks {
					tasks[i] = e.run(ctx, p)
				}
				for started.Load() < int64(n) {
					time.Sleep(load.ArrivalGap)
				}
				grown, rounds = grown+memory()-before, rounds+1
				cancel()
				for _, task := range tasks {
					if err := endedBy(ctx, task); err != nil {
						w.Fail(err)
					}
					w.Alive()
				}
			}
		})
		w.Check(func() error {
			w.Set(bytesPending, float64(grown)/float64(max(rounds, 1)*int64(n)))
			return nil
		})
		return nil
	})
}
