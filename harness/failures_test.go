package harness_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// failure is a window that must fail.
type failure struct {
	name   string
	build  func(w *harness.Window)
	status results.Status
	reason string
}

func yieldLoop(w *harness.Worker) {
	for w.Next() {
		runtime.Gosched()
	}
}

// failures are windows that fail in every possible way. Workers that hang wait for stuck.
func failures(stuck <-chan struct{}) []failure {
	return []failure{
		{"check", func(w *harness.Window) {
			w.Go("worker", 2, yieldLoop)
			w.Check(func() error { return errors.New("torn") })
		}, results.Failed, "torn"},
		{"unknown", func(w *harness.Window) {
			w.Go("worker", 2, yieldLoop)
			w.Check(func() error { return fmt.Errorf("%w: no time", harness.ErrUnknown) })
		}, results.Unknown, "no time"},
		{"worker", func(w *harness.Window) {
			w.Go("worker", 2, func(w *harness.Worker) {
				for w.Next() {
					w.Fail(errors.New("two inside"))
				}
			})
		}, results.Failed, "two inside"},
		{"panic", func(w *harness.Window) {
			w.Go("worker", 2, func(w *harness.Worker) {
				for w.Next() {
					panic("misuse")
				}
			})
		}, results.Failed, "misuse"},
		{"goexit", func(w *harness.Window) {
			w.Go("holder", 2, func(w *harness.Worker) {
				for w.Next() {
					runtime.Goexit()
				}
			})
		}, results.Failed, "holder"},
		{"no turn", func(w *harness.Window) {
			w.Go("worker", 2, func(*harness.Worker) {})
		}, results.Unknown, "no worker started a turn"},
		{"only empty turns", func(w *harness.Window) {
			w.Go("worker", 2, func(w *harness.Worker) {
				for w.Next() {
					w.Undo()
				}
			})
		}, results.Unknown, "no worker started a turn"},
		{"hang", func(w *harness.Window) {
			w.Go("worker", 2, func(w *harness.Worker) {
				for w.Next() {
					<-stuck
				}
			})
		}, results.Hung, "2 of 2 workers"},
		{"event", func(w *harness.Window) {
			w.Go("worker", 2, yieldLoop)
			w.At(time.Millisecond, "fault", func() error { return errors.New("did not hit") })
		}, results.Failed, "did not hit"},
		{"no role", func(*harness.Window) {}, results.Failed, "no role"},
		{"circular drain", func(w *harness.Window) {
			w.Go("a", 1, yieldLoop, harness.After("a"))
		}, results.Failed, "never ends"},
	}
}

func TestFailuresHaveTheirStatus(t *testing.T) {
	stuck := make(chan struct{})
	defer close(stuck)
	for _, c := range failures(stuck) {
		t.Run(c.name, func(t *testing.T) {
			suites := toy(func(_ *harness.Trial, w *harness.Window) error { c.build(w); return nil })
			trial, err := harness.Execute(t.Context(), suites, spec())
			if err == nil || trial.Status != c.status || !strings.Contains(trial.Reason, c.reason) {
				t.Errorf("got status %q, reason %q and error %v, want %q with %q",
					trial.Status, trial.Reason, err, c.status, c.reason)
			}
			if len(trial.Values) != 0 {
				t.Errorf("got values %v, want none for a failed trial", trial.Values)
			}
		})
	}
}

func TestParametersAreRefused(t *testing.T) {
	suites := toy(func(trial *harness.Trial, w *harness.Window) error {
		w.Go("worker", workers.Of(trial), func(w *harness.Worker) {
			for w.Next() {
			}
		})
		return nil
	})
	for _, c := range []struct{ key, value, reason string }{
		{"goroutines", "many", "not a value"},
		{"goroutines", "0", "is not a value it takes"},
		{"gorutines", "2", "unknown parameter"},
	} {
		trial, err := harness.Execute(t.Context(), suites, spec(results.Param{Key: c.key, Value: c.value}))
		if err == nil || !strings.Contains(err.Error(), c.reason) || trial.Status != results.Failed {
			t.Errorf("%s=%s: got status %s and error %v, want failed and %q", c.key, c.value, trial.Status, err, c.reason)
		}
	}
}
