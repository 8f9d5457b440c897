package harness_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

func TestStressFindsWhatIsRare(t *testing.T) {
	var turns atomic.Int64
	rows := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 2, func(w *harness.Worker) {
			for w.Next() {
				if turns.Add(1) == 3000 {
					w.Fail(errors.New("the rare one"))
				}
			}
		})
		return nil
	}, func(w *harness.Workload[string]) { w.Stress = []harness.Grid{harness.Over(workers.In(2, 4))} })
	s := spec()
	s.Cell.Work, s.Stress = "", 5*time.Second
	out, err := harness.Stress(context.Background(), rows, s)
	if err == nil || out.Status != results.Failed || out.Caught == 0 || out.Point.Work != "toy" {
		t.Errorf("stress: %+v, %v", out, err)
	}
}

// A window that cannot decide is neither a find nor, if none decides, a pass.
func TestStressGoesOnAfterAnUndecidedWindow(t *testing.T) {
	for _, always := range []bool{false, true} {
		windows := 0
		rows := toy(func(_ *harness.Trial, w *harness.Window) error {
			w.Go("worker", 1, func(w *harness.Worker) {
				for w.Next() {
				}
			})
			windows++
			w.Check(func() error {
				if always || windows == 1 {
					return harness.ErrUnknown
				}
				return nil
			})
			return nil
		})
		s := spec()
		s.Stress = 200 * time.Millisecond
		out, err := harness.Stress(t.Context(), rows, s)
		want := results.Ok
		if always {
			want = results.Unknown
		}
		if out.Status != want || (err != nil) != always || out.Count < 2 {
			t.Errorf("always %v: %s after %d windows, %v", always, out.Status, out.Count, err)
		}
	}
}
