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
	Pattern: "async/await", Contract: "async", Baseline: "goroutine", QuickShare: 9 * time.Second,
	MissingKinds: map[impls.Kind]string{
		impls.Atomic: "executors pass through the scheduler",
		impls.Spin:   "a function that spins would not give its worker away",
	},
}

var aboutSteps = harness.About{
	Pattern: "async/await", Contract: "async", Name: "callbacks", Baseline: "callbacks", QuickShare: 3 * time.Second,
}

// loads returns the loads of programs, for executors that start starts.
func loads[C any](start func(create C, workers int) executor) (all []harness.Workload[C]) {
	for _, l := range []struct {
		load harness.Load
		run  func(*harness.Trial, func() executor) error
	}{
		{chain, runChain},
		{fan, runFan},
		{inOut, runInOut},
		{storm, runStorm},
		{pending, runPending},
		{lives, runLives},
		{wake, runWake},
		{contexts, runContexts},
		{traces, runTraces},
		{lone, runLone},
	} {
		all = append(all, harness.Workload[C]{Load: l.load, Run: func(t *harness.Trial, create C) error {
			return l.run(t, func() executor { return start(create, workers.Of(t)) })
		}})
	}
	return all
}

// functionLoads are for executors of functions alone.
var functionLoads = []harness.Workload[New]{limit, structured}

// All returns the suites over every executor of this project, the seeded bugs among them.
func All() []harness.Suite {
	return []harness.Suite{
		Functions(append(asyncs.All[Value](), asyncs.Broken[Value]()...)...),
		Steps(append(asyncs.OfSteps[Value](), asyncs.BrokenOfSteps[Value]()...)...),
	}
}

// Functions is the suite over the executors given.
func Functions(table ...impls.Impl[New]) harness.Suite {
	return harness.NewSuite(about, harness.Under(table, append(loads(startFunctions), functionLoads...)...))
}

// Steps is the suite over the executors of functions in continuation-passing style given.
func Steps(table ...impls.Impl[NewSteps]) harness.Suite {
	return harness.NewSuite(aboutSteps, harness.Under(table, loads(startSteps)...))
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
