package harness_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

var workers = harness.Param[int]{Key: "goroutines", About: "workers", Default: 2, Valid: harness.Between(1, 100)}

// toy makes a pattern of one row around a window.
func toy(build func(*harness.Trial, *harness.Window) error, change ...func(*harness.Workload[string])) []harness.Row {
	return toyRow(func(t *harness.Trial) error {
		return t.Window(func(w *harness.Window) error { return build(t, w) })
	}, change...)
}

// toyRow makes a pattern of one row around a trial.
func toyRow(run func(*harness.Trial) error, change ...func(*harness.Workload[string])) []harness.Row {
	w := harness.Workload[string]{
		Name: "toy", Op: "turn", Params: []harness.AnyParam{workers},
		Run: func(t *harness.Trial, _ string) error { return run(t) },
	}
	for _, c := range change {
		c(&w)
	}
	return harness.Rows(harness.NewPattern(harness.About{Pattern: "toy", Contract: "toy", Baseline: "one"},
		[]impls.Impl[string]{{Name: "one", Kind: impls.Atomic, Source: "here"}}, w))
}

func spec(params ...results.Param) harness.Spec {
	s := harness.DefaultSpec(results.Cell{Contract: "toy", Work: "toy", Impl: "one", Params: params, Procs: 2})
	s.Seed, s.Warm, s.Length, s.Grace = 1, time.Millisecond, 5*time.Millisecond, 300*time.Millisecond
	return s
}

func TestTrialMeasuresAndChecks(t *testing.T) {
	checked := 0
	rows := toy(func(trial *harness.Trial, w *harness.Window) error {
		var total atomic.Uint64
		w.Go("worker", workers.Of(trial), func(w *harness.Worker) {
			for w.Next() {
				w.Spin(100)
				w.Mark()
				total.Add(1)
				w.Think(10)
			}
		})
		w.Check(func() error {
			checked++
			if turns := w.Turns("worker"); turns > total.Load() {
				return fmt.Errorf("%d turns counted of %d made", turns, total.Load())
			}
			w.Metric("extra", 7)
			return nil
		})
		return nil
	})
	s := spec(results.Param{Key: "goroutines", Value: "3"})
	s.Fairness = 20 * time.Millisecond
	trial, err := harness.Execute(t.Context(), rows, s)
	if err != nil {
		t.Fatal(err)
	}
	if want := s.Windows + s.Latency + 1; checked != want {
		t.Errorf("%d windows were checked, want %d", checked, want)
	}
	if trial.Status != results.Ok || len(trial.Windows) != s.Windows-1 || trial.Turns == 0 || trial.Took == 0 {
		t.Errorf("trial %+v", trial)
	}
	for _, unit := range []string{"ns/op", "ops/s", "active", "cpu-ns/op", "p50-ns", "max-ns", "jain", "starved", "wait-max-ns", "fair-ms", "extra", "sampling-cost"} {
		if _, ok := trial.Values[unit]; !ok {
			t.Errorf("no %s in %v", unit, trial.Values)
		}
	}
	if trial.Values["extra"] != 7 {
		t.Errorf("extra = %v, want 7", trial.Values["extra"])
	}
	if trial.Hist == "" {
		t.Error("no histogram")
	}
}

// One worker's share says nothing, and a window that long costs time.
func TestOneWorkerHasNoFairnessWindow(t *testing.T) {
	rows := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
				w.Spin(100)
			}
		})
		return nil
	})
	s := spec()
	s.Fairness = time.Minute
	trial, err := harness.Execute(t.Context(), rows, s)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := trial.Values["jain"]; ok || trial.Took > s.Fairness/2 {
		t.Errorf("after %v the values are %v, with an index of fairness", trial.Took, trial.Values)
	}
}

func TestTurnsAreCountedExactly(t *testing.T) {
	rows := toy(func(_ *harness.Trial, w *harness.Window) error {
		made := make([]struct {
			n uint64
			_ [120]byte
		}, 2)
		w.Go("worker", 2, func(w *harness.Worker) {
			for w.Next() {
				made[w.ID].n++
			}
		}, harness.Whole())
		w.Check(func() error {
			if made[0].n != 1 || made[1].n != 1 {
				return fmt.Errorf("a whole window is one turn, not %d and %d", made[0].n, made[1].n)
			}
			return nil
		})
		return nil
	})
	trial, err := harness.Execute(t.Context(), rows, spec())
	if err != nil {
		t.Fatal(err)
	}
	if want := uint64(2 * 2); trial.Turns != want {
		t.Errorf("%d turns in two kept windows of two workers, want %d", trial.Turns, want)
	}
}

func TestRolesDrainInOrder(t *testing.T) {
	var closed atomic.Int32
	rows := toy(func(_ *harness.Trial, w *harness.Window) error {
		queue := make(chan int, 16)
		var in, out atomic.Uint64
		// The drain is declared first: the order in which roles end does not depend on that of declaration.
		w.Go("consumer", 2, func(w *harness.Worker) {
			for w.Next() {
				if _, ok := <-queue; !ok {
					w.Undo()
					return
				}
				out.Add(1)
			}
		}, harness.After("producer"))
		w.Go("producer", 3, func(w *harness.Worker) {
			for w.Next() {
				queue <- 1
				in.Add(1)
			}
		}, harness.Then(func() { close(queue); closed.Add(1) }))
		w.Check(func() error {
			if in.Load() != out.Load() || in.Load() == 0 {
				return fmt.Errorf("%d in, %d out", in.Load(), out.Load())
			}
			return nil
		})
		return nil
	})
	if _, err := harness.Execute(t.Context(), rows, spec()); err != nil {
		t.Fatal(err)
	}
	if closed.Load() == 0 {
		t.Error("Then never ran")
	}
}

func TestLockstepGivesAllTheSameTurns(t *testing.T) {
	rows := toy(func(_ *harness.Trial, w *harness.Window) error {
		const parties = 5
		barrier := newBarrier(parties)
		var turns [parties]int
		w.Go("party", parties, func(w *harness.Worker) {
			for w.Next() {
				turns[w.ID]++
				barrier.wait()
			}
		}, harness.Lockstep())
		w.Check(func() error {
			for _, n := range turns {
				if n != turns[0] || n == 0 {
					return fmt.Errorf("turns %v", turns)
				}
			}
			return nil
		})
		return nil
	})
	s := spec()
	s.Windows = 10
	if _, err := harness.Execute(t.Context(), rows, s); err != nil {
		t.Fatal(err)
	}
}

type barrier struct {
	mu               sync.Mutex
	cond             *sync.Cond
	parties, in, gen int
}

func newBarrier(n int) *barrier {
	b := &barrier{parties: n}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *barrier) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	gen := b.gen
	if b.in++; b.in == b.parties {
		b.in, b.gen = 0, gen+1
		b.cond.Broadcast()
	}
	for gen == b.gen {
		b.cond.Wait()
	}
}

func TestFailuresHaveTheirStatus(t *testing.T) {
	loop := func(w *harness.Worker) {
		for w.Next() {
			runtime.Gosched()
		}
	}
	stuck := make(chan struct{})
	defer close(stuck)
	for _, c := range []struct {
		name   string
		build  func(w *harness.Window)
		status results.Status
		reason string
	}{
		{"check", func(w *harness.Window) {
			w.Go("worker", 2, loop)
			w.Check(func() error { return errors.New("torn") })
		}, results.Failed, "torn"},
		{"unknown", func(w *harness.Window) {
			w.Go("worker", 2, loop)
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
		{"hang", func(w *harness.Window) {
			w.Go("worker", 2, func(w *harness.Worker) {
				for w.Next() {
					<-stuck
				}
			})
		}, results.Hung, "2 of 2 workers"},
		{"event", func(w *harness.Window) {
			w.Go("worker", 2, loop)
			w.At(time.Millisecond, "fault", func() error { return errors.New("did not hit") })
		}, results.Failed, "did not hit"},
		{"no role", func(*harness.Window) {}, results.Failed, "no role"},
		{"circular drain", func(w *harness.Window) { w.Go("a", 1, loop, harness.After("a")) }, results.Failed, "never ends"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := toy(func(_ *harness.Trial, w *harness.Window) error { c.build(w); return nil })
			trial, err := harness.Execute(t.Context(), rows, spec())
			if err == nil || trial.Status != c.status || !strings.Contains(trial.Reason, c.reason) {
				t.Errorf("status %q, reason %q, error %v; want %q with %q", trial.Status, trial.Reason, err, c.status, c.reason)
			}
			if len(trial.Values) != 0 {
				t.Errorf("a trial that failed has numbers: %v", trial.Values)
			}
		})
	}
}

func TestParametersAreRefused(t *testing.T) {
	rows := toy(func(trial *harness.Trial, w *harness.Window) error {
		w.Go("worker", workers.Of(trial), func(w *harness.Worker) {
			for w.Next() {
			}
		})
		return nil
	})
	for _, c := range []struct{ key, value, reason string }{
		{"goroutines", "many", "not a value"},
		{"goroutines", "0", "out of range"},
		{"gorutines", "2", "unknown parameter"},
	} {
		trial, err := harness.Execute(t.Context(), rows, spec(results.Param{Key: c.key, Value: c.value}))
		if err == nil || !strings.Contains(err.Error(), c.reason) || trial.Status != results.Failed {
			t.Errorf("%s=%s: %v, want %q", c.key, c.value, err, c.reason)
		}
	}
}

// A stall of 20 ms must show in the latencies of an open loop, which a closed loop hides
// (coordinated omission).
func TestOpenLoopShowsAStall(t *testing.T) {
	run := func(rate string) float64 {
		rows := toy(func(_ *harness.Trial, w *harness.Window) error {
			var turns int
			w.Lasts(200 * time.Millisecond)
			w.Go("worker", 1, func(w *harness.Worker) {
				for w.Next() {
					if turns++; turns%2000 == 1000 {
						time.Sleep(20 * time.Millisecond)
					}
				}
			})
			return nil
		})
		s := spec()
		s.Windows, s.Latency = 0, 1
		if rate != "" {
			s.Rate = 20_000
		} else {
			s.Windows = 1
		}
		trial, err := harness.Execute(t.Context(), rows, s)
		if err != nil {
			t.Fatal(err)
		}
		return trial.Values["p99-ns"]
	}
	open, closed := run("20000"), run("")
	if open < 2e6 {
		t.Errorf("open loop: p99 is %.0f ns; the stall of 20 ms does not show", open)
	}
	if closed > open/2 {
		t.Errorf("closed loop: p99 is %.0f ns beside %.0f in the open loop; the test shows nothing", closed, open)
	}
}

// What a load times itself in windows that are timed anyhow is a figure of the row, and costs the others nothing.
func TestFiguresOfTimedWindows(t *testing.T) {
	rows := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
			}
		})
		w.Check(func() error {
			w.Metric("both", map[bool]float64{true: 1, false: 2}[w.Timed()])
			if w.Timed() {
				w.Metric("timed", 3)
			}
			return nil
		})
		return nil
	})
	s := spec()
	s.Latency = 1
	trial, err := harness.Execute(t.Context(), rows, s)
	if err != nil {
		t.Fatal(err)
	}
	if v := trial.Values; v["both"] != 2 || v["timed"] != 3 {
		t.Errorf("both %v, timed %v", v["both"], v["timed"])
	}
}
