package harness_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// A turn that outlasts its windows has no ns/op: the windows are a lower bound.
func TestATrialWithoutATurnHasNoTimePerTurn(t *testing.T) {
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
				time.Sleep(2 * time.Second) // much longer than a window, also on a busy machine
			}
		})
		return nil
	})
	s := spec()
	s.Windows, s.Latency, s.Grace = 2, 0, time.Minute
	trial, err := harness.Execute(t.Context(), suites, s)
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	ns, ok := trial.Values["ns/op"]
	if ok || trial.Turns != 0 || trial.Values["ops/s"] != 0 || len(trial.Windows) != 0 {
		t.Errorf("got %v ns/op, %v ops/s and %d turns, want no ns/op, 0 and 0", ns, trial.Values["ops/s"], trial.Turns)
	}
	windows, ms := trial.Values["empty-windows"], trial.Values["empty-ms"]
	if windows != float64(s.Windows-1) || ms < 5*windows {
		t.Errorf("got %v empty windows of %v ms in all, want %d of at least 5 ms", windows, ms, s.Windows-1)
	}
}

// A worker may prepare for long before its first turn. The window measures none of that.
func TestTheMeasuredPartStartsAfterEveryWorkerHasStarted(t *testing.T) {
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		started, over := make([]bool, 2), make(chan struct{})
		w.Go("worker", len(started), func(w *harness.Worker) {
			time.Sleep(time.Duration(w.ID) * 300 * time.Millisecond)
			for w.Next() {
				w.Spin(10)
				started[w.ID] = true
			}
		}, harness.Then(func() { close(over) }))
		w.Go("closer", 1, func(*harness.Worker) { <-over }) // it has no turns
		w.Check(func() error {
			if !started[0] || !started[1] {
				return fmt.Errorf("got turns of %v, want of both workers", started)
			}
			return nil
		})
		return nil
	})
	s := spec(results.Param{Key: "goroutines", Value: "2"})
	s.Windows, s.Latency = 4, 0
	for _, s.Warm = range []time.Duration{0, time.Millisecond} {
		start := time.Now()
		if _, err := harness.Execute(t.Context(), suites, s); err != nil {
			t.Errorf("warm-up of %v: got error %v, want none", s.Warm, err)
		}
		if took := time.Since(start); took > 4*time.Second { // 1.2 s, or a second more for each window
			t.Errorf("warm-up of %v: got %v for 4 windows, want no wait for the worker without turns", s.Warm, took)
		}
	}
}

// An open loop has no throughput windows, but its latency windows have turns.
func TestAnOpenLoopCountsItsTurns(t *testing.T) {
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
				w.Spin(10)
			}
		})
		return nil
	})
	s := spec()
	s.Windows, s.Latency, s.Rate = 0, 2, 10_000
	trial, err := harness.Execute(t.Context(), suites, s)
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	if _, ok := trial.Values["ns/op"]; ok || trial.Turns == 0 {
		t.Errorf("got %d turns and values %v, want turns and no ns/op", trial.Turns, trial.Values)
	}
}

// Most turns are not sampled. A sleep in one of them still counts as a wait.
func TestASleepInATurnThatIsNotSampledIsAWait(t *testing.T) {
	const sleep = 30 * time.Millisecond
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 2, func(w *harness.Worker) {
			for n := 1; w.Next(); n++ {
				w.Spin(10)
				if n%50_000 == 0 {
					time.Sleep(sleep)
				}
			}
		})
		return nil
	}, func(l *harness.Load) { l.WantsFairness = true })
	s := spec(results.Param{Key: "goroutines", Value: "2"})
	s.Fairness = 100 * time.Millisecond
	trial, err := harness.Execute(t.Context(), suites, s)
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	if got := time.Duration(trial.Values["wait-max-ns"]); got < sleep {
		t.Errorf("got a longest wait of %v, want at least %v", got, sleep)
	}
}
