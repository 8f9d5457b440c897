// Package async loads executors of asynchronous functions: chains of awaits, fan-outs,
// simulated input and output, storms of cancellations. The functions are programs, which
// are written once and run as sequential code and in continuation-passing style. Every
// window checks that each program returned what it should.
package async

import (
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	asyncs "github.com/contendbench/contend/impls/async"
)

// New makes the executors that are loaded here.
type New = asyncs.New[Value]

// NewSteps makes the executors of functions in continuation-passing style.
type NewSteps = asyncs.NewSteps[Value]

var about = harness.About{
	Pattern: "async/await", Contract: "async", Baseline: "goroutine", QuickShare: 8 * time.Second,
	MissingKinds: map[impls.Kind]string{
		impls.Atomic: "executors pass through the scheduler",
		impls.Spin:   "a function that spins would not give its worker away",
	},
}

// loads are for executors of programs, whatever kind of function these become.
var loads = []harness.Workload[start]{
	{Load: chain, Run: runChain},
	{Load: fan, Run: runFan},
	{Load: inOut, Run: runInOut},
	{Load: storm, Run: runStorm},
	{Load: pending, Run: runPending},
	{Load: lives, Run: runLives},
	{Load: wake, Run: runWake},
	{Load: contexts, Run: runContexts},
	{Load: traces, Run: runTraces},
	{Load: lone, Run: runLone},
}

// functionLoads are for executors of functions alone.
var functionLoads = []harness.Workload[New]{limit, structured}

// All is the suite over every executor of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{suite(
		append(asyncs.All[Value](), asyncs.Broken[Value]()...),
		append(asyncs.OfSteps[Value](), asyncs.BrokenOfSteps[Value]()...),
	)}
}

// Suite is the suite over the executors given.
func Suite(table ...impls.Impl[New]) harness.Suite { return suite(table, nil) }

// suite joins executors of both kinds, so that they stand at the same points.
func suite(functions []impls.Impl[New], steps []impls.Impl[NewSteps]) harness.Suite {
	var starts []impls.Impl[start]
	for _, i := range functions {
		starts = append(starts, impls.With(i, func(workers int) executor { return startFunctions(i.New, workers) }))
	}
	for _, i := range steps {
		starts = append(starts, impls.With(i, func(int) executor { return startSteps(i.New) }))
	}
	return harness.NewSuite(about, harness.Under(starts, loads...), harness.Under(functions, functionLoads...))
}

var workers = harness.Param[int]{
	Key: "workers", About: "functions that run at once, if the executor limits them, 1 to 1000", Default: 2,
	Valid: harness.Between(1, 1000), Crowd: true,
}

// serve has n workers run body with an executor. Another one closes it after them, so that
// the watchdog sees a Close that hangs.
func serve(w *harness.Window, e executor, n int, body func(*harness.Worker)) {
	over := make(chan struct{})
	w.Go("caller", n, body, harness.Then(func() { close(over) }))
	w.Go("closer", 1, func(*harness.Worker) {
		<-over
		e.close()
	}, harness.After("caller"))
}

// callers has n workers make turns with an executor.
func callers(w *harness.Window, e executor, n int, turn func() error) {
	serve(w, e, n, func(w *harness.Worker) {
		for w.Next() {
			if err := turn(); err != nil {
				w.Fail(err)
				return
			}
		}
	})
}

// looks is how many milliseconds a goroutine waits for what must happen. It counts looks
// and not time, because the machine may stall.
const looks = 250

// soon waits until holds returns true, before the caller's patience ends.
func soon(holds func() bool) bool {
	for range looks {
		if holds() {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return holds()
}
