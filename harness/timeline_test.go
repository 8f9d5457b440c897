package harness_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
)

// A trial keeps the timeline of its last window, with all turns of the measured part and
// the marks. Each turn is in the bin where it ended.
func TestTimeline(t *testing.T) {
	const length, bin = 20 * time.Millisecond, 2 * time.Millisecond
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.AtLeast(length)
		line := w.Timeline(bin)
		track := line.Track()
		w.Go("worker", 1, func(w *harness.Worker) {
			for wait := time.Millisecond; w.Next(); wait += time.Millisecond {
				time.Sleep(time.Millisecond)
				track.Add(wait)
			}
		})
		w.At(length/2, "half", func() error {
			line.Mark("half")
			return nil
		})
		return nil
	})
	trial, err := harness.Execute(t.Context(), suites, spec())
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	l := trial.Timeline
	if l == nil || l.BinMs != 2 || len(l.Ops) < 10 || len(l.Median) != len(l.Ops) || len(l.Max) != len(l.Ops) {
		t.Fatalf("got timeline %+v, want at least 10 bins of 2 ms", l)
	}
	turns, last := 0, 0.0
	for i, n := range l.Ops {
		turns += n
		if n > 0 && (l.Max[i] <= last || l.Median[i] > l.Max[i]) { // every turn reports a longer wait
			t.Errorf("bin %d: got median %v and max %v, want median ≤ max and max > %v", i, l.Median[i], l.Max[i], last)
		}
		last = max(last, l.Max[i])
	}
	if turns < 2 || turns > 3*len(l.Ops) {
		t.Errorf("got %d turns of a millisecond in %d bins of 2 ms, want 2 to %d", turns, len(l.Ops), 3*len(l.Ops))
	}
	if len(l.Marks) != 1 || l.Marks[0].Name != "half" || l.Marks[0].AtMs < 10 {
		t.Errorf("got marks %+v, want half at 10 ms or later", l.Marks)
	}
}
