package async

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	asyncs "github.com/contendbench/contend/impls/async"
)

// inOut has many functions in flight. Each waits as for input and output. The latencies
// are exponentially distributed.
var inOut = harness.Load{
	Name: "io", Turn: "function",
	About:     "n functions are in flight, and each sleeps for an exponentially distributed time",
	Params:    []harness.AnyParam{inFlight, latency, workers},
	CurveAxis: inFlight, Maps: []harness.Plane{{inFlight, latency}}, Allocates: true,
	Points: harness.Points{
		Quick: []harness.Grid{harness.Over(inFlight.In(1000))},
		Standard: []harness.Grid{
			harness.Over(inFlight.In(10, 100, 1000, 10_000), latency.In(100, 1000, 10_000)),
		},
		Stress: []harness.Grid{
			harness.Over(harness.Within(inFlight, 1, 1000), latency.In(10, 100, 1000), workers.In(1, 2, 3)),
		},
	},
}

var (
	inFlight = harness.Param[int]{
		Key: "in-flight", About: "functions that wait at once, 1 to 1000000", Default: 1000,
		Valid: harness.Between(1, 1_000_000), Crowd: true,
	}
	latency = harness.Param[int]{
		Key: "latency-us", About: "mean time of a wait, µs, 1 to 1000000", Default: 1000,
		Valid: harness.Between(1, 1_000_000),
	}
)

// latencies is how many waits are drawn before a window.
const latencies = 4096

func runInOut(t *harness.Trial, newExecutor start) error {
	n, mean := inFlight.Of(t), float64(latency.Of(t))*float64(time.Microsecond)
	return t.Window(func(w *harness.Window) error {
		e, want := newExecutor(workers.Of(t)), leaf.forecast()
		serve(w, e, 1, func(w *harness.Worker) {
			programs := sleepers(w.Rand(), mean)
			flight := make([]asyncs.Task[Value], n)
			await := func(i int) {
				if task := flight[i]; task != nil {
					if err := want.check(task.Await(context.Background())); err != nil {
						w.Fail(err)
					}
				}
			}
			for turn := 0; w.Next(); turn++ {
				await(turn % n)
				flight[turn%n] = e.run(context.Background(), programs[turn%latencies])
			}
			for i := range flight {
				await(i)
				w.Alive()
			}
		})
		return nil
	})
}

// sleepers are programs that sleep for exponentially distributed times.
func sleepers(rng *rand.Rand, mean float64) []*program {
	programs := make([]*program, latencies)
	for i := range programs {
		programs[i] = &program{sleep: time.Duration(max(1, rng.ExpFloat64()*mean))}
	}
	return programs
}
