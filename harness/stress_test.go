package harness_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

func TestStressFindsWhatIsRare(t *testing.T) {
	var turns atomic.Int64
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 2, func(w *harness.Worker) {
			for w.Next() {
				if turns.Add(1) == 3000 {
					w.Fail(errors.New("the rare one"))
				}
			}
		})
		return nil
	}, func(l *harness.Load) { l.Points.Stress = []harness.Grid{harness.Over(workers.In(2, 4))} })
	s := spec()
	s.Cell.Work, s.Stress = "", 5*time.Second
	out, err := harness.Stress(context.Background(), suites, s)
	if err == nil || out.Status != results.Failed || out.Caught == 0 || out.Point.Work != "toy" {
		t.Errorf("got %+v and error %v, want a failure under load toy", out, err)
	}
}

// A window that cannot decide is not a failure. If no window decides, it is not a pass
// either.
func TestStressContinuesAfterAnUndecidedWindow(t *testing.T) {
	for _, always := range []bool{false, true} {
		windows := 0
		suites := toy(func(_ *harness.Trial, w *harness.Window) error {
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
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		out, err := harness.Stress(ctx, suites, s)
		cancel()
		want := results.Ok
		if always {
			want = results.Unknown
		}
		if out.Status != want || (err != nil) != always || out.Count < 2 {
			t.Errorf("always %v: got %s and error %v after %d windows, want %s after at least 2",
				always, out.Status, err, out.Count, want)
		}
	}
}

// A load under which nothing happens tests nothing, whatever its checks say.
func TestStressWithoutATurnIsNoPass(t *testing.T) {
	idle := func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 2, func(*harness.Worker) {})
		w.Check(func() error { return nil })
		return nil
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		build func(*harness.Trial, *harness.Window) error
	}{
		"no turn":   {t.Context(), idle},
		"no window": {over, idle},
	} {
		s := spec()
		s.Stress = time.Millisecond
		out, err := harness.Stress(c.ctx, toy(c.build), s)
		if out.Status != results.Unknown || !errors.Is(err, harness.ErrUnknown) {
			t.Errorf("%s: got %s and error %v, want unknown", name, out.Status, err)
		}
	}
}

// Goroutines that wake each other, one of them locked to its thread, leave time to others.
func TestStressLeavesTimeBesideThreads(t *testing.T) {
	windows := 0
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Lasts(40 * time.Millisecond)
		ask, answer, call := make(chan int), make(chan int), make(chan int, 1)
		go func() {
			runtime.LockOSThread()
			for n := range ask {
				answer <- n
			}
		}()
		w.Go("asker", 1, func(w *harness.Worker) {
			for w.Next() {
				select {
				case call <- 1: // the other one is behind the locked one then
				default:
				}
				ask <- 1
				<-answer
			}
			close(ask)
			close(call)
		})
		w.Go("other", 1, func(w *harness.Worker) {
			for w.Next() {
				<-call
			}
		})
		w.Check(func() error {
			if runtime.GOMAXPROCS(0) > 1 {
				return nil
			}
			windows++
			if n, of := w.Turns("other"), w.Turns("asker"); n < of/600 {
				return fmt.Errorf("the other role had %d turns on one processor, and the asker %d", n, of)
			}
			return nil
		})
		return nil
	})
	s := spec()
	s.Cell.Work, s.Stress = "", 2*time.Second
	for try := 0; try < 10 && windows == 0; try++ { // a busy machine plays few windows
		if _, err := harness.Stress(t.Context(), suites, s); err != nil {
			t.Fatalf("got %v after %d windows on one processor, want no error", err, windows)
		}
		s.Seed++
	}
	if windows == 0 {
		t.Error("got no window on one processor, want some")
	}
}
