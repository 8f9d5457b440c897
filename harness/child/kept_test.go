package child_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// A lodger is what a trial keeps.
type lodger struct{ close func() error }

func (l lodger) Close() error { return l.close() }

// keeping returns a suite of two loads whose windows share what start makes.
func keeping(start func(impls.Host) (io.Closer, error)) []harness.Suite {
	var loads []harness.Workload[string]
	for _, name := range []string{"a", "b"} {
		loads = append(loads, harness.Workload[string]{
			Load: harness.Load{Name: name, Turn: "turn"},
			Run: func(t *harness.Trial, _ string) error {
				if _, err := t.Keep("it", start); err != nil {
					return err
				}
				return t.Window(func(w *harness.Window) error {
					w.Go("worker", 1, func(w *harness.Worker) {
						for w.Next() {
							w.Spin(100)
						}
					})
					return nil
				})
			},
		})
	}
	table := []impls.Impl[string]{impls.New("one", impls.Atomic, "here", "")}
	about := harness.About{Pattern: "toy", Contract: "toy", Baseline: "one"}
	return []harness.Suite{harness.NewSuite(about, harness.Under(table, loads...))}
}

// All windows of a stress run share what they keep, and it is closed at the end, whatever
// the end is.
func TestStressKeepsOneForAllWindows(t *testing.T) {
	for _, closing := range []error{nil, errors.New("does not close")} {
		started, closed := 0, 0
		suites := keeping(func(impls.Host) (io.Closer, error) {
			started++
			return lodger{func() error { closed++; return closing }}, nil
		})
		s := harness.Spec{
			Cell: results.Cell{Contract: "toy", Impl: "one"}, Seed: 1, Stress: time.Minute, MaxWindows: 10, Grace: time.Minute,
		}
		out, err := harness.Stress(t.Context(), suites, s)
		if started != 1 || closed != 1 || out.Count != 10 {
			t.Errorf("started %d and closed %d in %d windows, want one in 10", started, closed, out.Count)
		}
		if closing == nil && err != nil || closing != nil && (err == nil || !strings.Contains(err.Error(), closing.Error())) {
			t.Errorf("got error %v, want %v", err, closing)
		}
	}
}

// A trial closes what it keeps, and fails if that cannot be started.
func TestATrialClosesWhatItKeeps(t *testing.T) {
	closed := 0
	suites := keeping(func(impls.Host) (io.Closer, error) { return lodger{func() error { closed++; return nil }}, nil })
	s := harness.Spec{
		Cell: results.Cell{Contract: "toy", Work: "a", Impl: "one", Procs: 1}, Seed: 1, Length: time.Millisecond, Windows: 3,
		Grace: time.Minute, NoProbe: true,
	}
	if _, err := harness.Execute(t.Context(), suites, s); err != nil || closed != 1 {
		t.Errorf("got error %v and %d closed, want none and one", err, closed)
	}
	suites = keeping(func(impls.Host) (io.Closer, error) { return nil, errors.New("does not start") })
	if _, err := harness.Execute(t.Context(), suites, s); err == nil || !strings.Contains(err.Error(), "does not start") {
		t.Errorf("got error %v, want that it does not start", err)
	}
}
