package harness_test

import (
	"fmt"
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

// toy makes a suite of one case, whose windows build declares.
func toy(build func(*harness.Trial, *harness.Window) error, change ...func(*harness.Load)) []harness.Suite {
	l := harness.Load{Name: "toy", Turn: "turn", Params: []harness.AnyParam{workers}}
	for _, c := range change {
		c(&l)
	}
	run := func(t *harness.Trial, _ string) error {
		return t.Window(func(w *harness.Window) error { return build(t, w) })
	}
	table := []impls.Impl[string]{impls.New("one", impls.Atomic, "here", "")}
	return []harness.Suite{harness.NewSuite(
		harness.About{Pattern: "toy", Contract: "toy", Baseline: "one"},
		harness.Under(table, harness.Workload[string]{Load: l, Run: run}),
	)}
}

func spec(params ...results.Param) harness.Spec {
	s := harness.DefaultSpec(results.Cell{Contract: "toy", Work: "toy", Impl: "one", Params: params, Procs: 2})
	s.Seed, s.Warm, s.Length, s.Grace = 1, time.Millisecond, 5*time.Millisecond, 300*time.Millisecond
	return s
}

// reports makes the load declare metrics.
func reports(m ...harness.Metric) func(*harness.Load) {
	return func(l *harness.Load) { l.Metrics = m }
}

var extra = harness.Metric{Unit: "extra", About: "a metric of the load"}

func TestTrialMeasuresAndChecks(t *testing.T) {
	checked := 0
	suites := toy(func(trial *harness.Trial, w *harness.Window) error {
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
				return fmt.Errorf("got %d turns, want at most %d", turns, total.Load())
			}
			w.Set(extra, 7)
			return nil
		})
		return nil
	}, reports(extra))
	s := spec(results.Param{Key: "goroutines", Value: "3"})
	s.Fairness = 20 * time.Millisecond
	trial, err := harness.Execute(t.Context(), suites, s)
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	if want := s.Windows + s.Latency + 1; checked != want {
		t.Errorf("got %d windows checked, want %d", checked, want)
	}
	if trial.Status != results.Ok || len(trial.Windows) != s.Windows-1 || trial.Turns == 0 || trial.Took == 0 {
		t.Errorf("got trial %+v, want status ok with turns in %d windows", trial, s.Windows-1)
	}
	for _, unit := range []string{
		"ns/op", "ops/s", "active", "cpu-ns/op", "p50-ns", "max-ns", "jain", "starved", "wait-max-ns", "fair-ms",
		"extra", "sampling-cost",
	} {
		if _, ok := trial.Values[unit]; !ok {
			t.Errorf("got values %v, want one in %s", trial.Values, unit)
		}
	}
	if trial.Values["extra"] != 7 {
		t.Errorf("got extra = %v, want 7", trial.Values["extra"])
	}
	if trial.Hist == "" {
		t.Error("got no histogram, want one")
	}
}

// The share of a single worker means nothing, and a window for it would cost time.
func TestOneWorkerHasNoFairnessWindow(t *testing.T) {
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
				w.Spin(100)
			}
		})
		return nil
	})
	s := spec()
	s.Fairness = time.Minute
	trial, err := harness.Execute(t.Context(), suites, s)
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	if _, ok := trial.Values["jain"]; ok || trial.Took > s.Fairness/2 {
		t.Errorf("got values %v after %v, want no jain and less than %v", trial.Values, trial.Took, s.Fairness/2)
	}
}

func TestTurnsAreCountedExactly(t *testing.T) {
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
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
				return fmt.Errorf("got %d and %d turns, want 1 each in a whole window", made[0].n, made[1].n)
			}
			return nil
		})
		return nil
	})
	trial, err := harness.Execute(t.Context(), suites, spec())
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	if want := uint64(2 * 2); trial.Turns != want {
		t.Errorf("got %d turns in two kept windows of two workers, want %d", trial.Turns, want)
	}
}

func TestRolesDrainInOrder(t *testing.T) {
	var closed atomic.Int32
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		queue := make(chan int, 16)
		var in, out atomic.Uint64
		// The consumer is declared first: the order of declaration does not set the order
		// of ends.
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
				return fmt.Errorf("got %d values of %d, want all of at least 1", out.Load(), in.Load())
			}
			return nil
		})
		return nil
	})
	trial, err := harness.Execute(t.Context(), suites, spec())
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	if trial.Workers != 5 {
		t.Errorf("got %d workers, want 5: all roles count", trial.Workers)
	}
	if closed.Load() == 0 {
		t.Error("got no call of Then, want one in every window")
	}
}

func TestLockstepGivesAllTheSameTurns(t *testing.T) {
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
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
					return fmt.Errorf("got turns %v, want the same number of each party", turns)
				}
			}
			return nil
		})
		return nil
	})
	s := spec()
	s.Windows = 10
	if _, err := harness.Execute(t.Context(), suites, s); err != nil {
		t.Fatalf("got error %v, want none", err)
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

// A stall of 20 ms must show in the latencies of an open loop, which a closed loop hides
// (coordinated omission).
func TestOpenLoopShowsAStall(t *testing.T) {
	run := func(rate string) float64 {
		suites := toy(func(_ *harness.Trial, w *harness.Window) error {
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
		trial, err := harness.Execute(t.Context(), suites, s)
		if err != nil {
			t.Fatalf("rate %q: got error %v, want none", rate, err)
		}
		return trial.Values["p99-ns"]
	}
	open, closed := run("20000"), run("")
	if open < 2e6 {
		t.Errorf("open loop: got p99 = %.0f ns, want at least 2 ms because of the stall", open)
	}
	if closed > open/2 {
		t.Errorf("closed loop: got p99 = %.0f ns, want at most half of the open loop's %.0f ns", closed, open)
	}
}

// A metric that only latency windows report is a value of the trial, and costs no
// throughput.
func TestMetricsOfTimedWindows(t *testing.T) {
	both, timed := harness.Metric{Unit: "both"}, harness.Metric{Unit: "timed"}
	suites := toy(func(_ *harness.Trial, w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
			}
		})
		w.Check(func() error {
			w.Set(both, map[bool]float64{true: 1, false: 2}[w.Timed()])
			if w.Timed() {
				w.Set(timed, 3)
			}
			return nil
		})
		return nil
	}, reports(both, timed))
	s := spec()
	s.Latency = 1
	trial, err := harness.Execute(t.Context(), suites, s)
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	if v := trial.Values; v["both"] != 2 || v["timed"] != 3 {
		t.Errorf("got both = %v and timed = %v, want 2 and 3", v["both"], v["timed"])
	}
}

// An undeclared metric would be in no report, so it cannot be set. A copy with another
// text is not what the load declares.
func TestUndeclaredMetricFails(t *testing.T) {
	other := extra
	other.About = "another text"
	for want, load := range map[string]func(*harness.Load){
		"without listing it in Metrics":   func(*harness.Load) {},
		"than the one that it lists: use": reports(other),
	} {
		suites := toy(func(_ *harness.Trial, w *harness.Window) error {
			w.Go("worker", 1, func(w *harness.Worker) {
				for w.Next() {
				}
			})
			w.Check(func() error {
				w.Set(extra, 1)
				return nil
			})
			return nil
		}, load)
		if _, err := harness.Execute(t.Context(), suites, spec()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}
