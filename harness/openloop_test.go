package harness_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// openLoop is a trial of workers that do nothing, with one latency window.
func openLoop(
	t *testing.T, n int, rate float64, length time.Duration, check func(*harness.Window) error,
) (results.Trial, error) {
	t.Helper()
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Lasts(length)
		w.Go("worker", n, func(w *harness.Worker) {
			for w.Next() {
			}
		})
		w.Check(func() error { return check(w) })
		return nil
	})
	s := spec()
	s.Windows, s.Latency, s.Rate, s.Poisson = 0, 1, rate, true
	return harness.Execute(t.Context(), suites, s)
}

// A worker whose slot comes after the end makes no turn, and does not hold up the end. A
// trial without any turn decides nothing.
func TestNoTurnBeforeItsSlot(t *testing.T) {
	trial, err := openLoop(t, 8, 0.001, 5*time.Millisecond, func(w *harness.Window) error {
		if n := w.Turns("worker"); n > 0 {
			return fmt.Errorf("got %d turns, want none: the first slots come hours later", n)
		}
		return nil
	})
	if n, ok := trial.Values["samples"]; ok || trial.Status != results.Unknown {
		t.Errorf("got %v samples, %s and error %v, want none and unknown", n, trial.Status, err)
	}
}

// Every worker gets its slots, also if far more wait than there are processors. The trial
// says how late they came.
func TestAllWorkersOfAnOpenLoopGetTheirSlots(t *testing.T) {
	const workers = 64
	trial, err := openLoop(t, workers, 64_000, 300*time.Millisecond, func(w *harness.Window) error {
		if n := w.Turns("worker"); n < workers {
			return fmt.Errorf("got %d turns, want some of each of %d workers", n, workers)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	for _, unit := range []string{
		"p99-ns", "service-p99-ns", "kept-rate", "late-share", "generator-late-share", "generator-late-p99-ns",
		"generator-late-max-ns",
	} {
		if _, ok := trial.Values[unit]; !ok {
			t.Errorf("got values %v, want one in %s", trial.Values, unit)
		}
	}
}
