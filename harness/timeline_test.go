package harness_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
)

// A trial keeps the timeline of its last window: all turns of the measured part, each in the bin in which it ended, and the marks.
func TestTimeline(t *testing.T) {
	const length, bin = 20 * time.Millisecond, 2 * time.Millisecond
	rows := toy(func(_ *harness.Trial, w *harness.Window) error {
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
	trial, err := harness.Execute(t.Context(), rows, spec())
	if err != nil {
		t.Fatal(err)
	}
	l := trial.Timeline
	if l == nil || l.BinMs != 2 || len(l.Ops) < 10 || len(l.Median) != len(l.Ops) || len(l.Max) != len(l.Ops) {
		t.Fatalf("timeline %+v", l)
	}
	turns, last := 0, 0.0
	for i, n := range l.Ops {
		turns += n
		if n > 0 && (l.Max[i] <= last || l.Median[i] > l.Max[i]) { // every turn says that it waited longer than the one before
			t.Errorf("bin %d: median %v, max %v after %v", i, l.Median[i], l.Max[i], last)
		}
		last = max(last, l.Max[i])
	}
	if turns < 2 || turns > 3*len(l.Ops) {
		t.Errorf("%d turns of a millisecond in %d bins of 2 ms", turns, len(l.Ops))
	}
	if len(l.Marks) != 1 || l.Marks[0].Name != "half" || l.Marks[0].AtMs < 10 {
		t.Errorf("marks %+v", l.Marks)
	}
}
