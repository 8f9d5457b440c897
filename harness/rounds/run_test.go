package rounds

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// busy are rows whose windows really run; "fails" fails its check in every window, and "hangs" never returns.
func busy() []harness.Row {
	var table []impls.Impl[string]
	for _, name := range []string{"a", "b", "fails", "hangs", "exits"} {
		table = append(table, impls.Impl[string]{Name: name, Kind: impls.Spin, Source: "here", New: name})
	}
	return harness.Rows(harness.NewPattern(harness.About{Pattern: "toy", Contract: "toy", Baseline: "a"}, table, harness.Workload[string]{
		Name: "w", Op: "turn", Params: []harness.AnyParam{goroutines},
		Run: func(t *harness.Trial, name string) error {
			if name == "exits" {
				os.Exit(7)
			}
			return t.Window(func(w *harness.Window) error {
				w.Go("worker", goroutines.Of(t), func(w *harness.Worker) {
					for w.Next() {
						if name == "hangs" {
							select {}
						}
						w.Spin(100)
					}
				})
				w.Check(func() error {
					if name == "fails" {
						return errors.New("torn")
					}
					return nil
				})
				return nil
			})
		},
	}))
}

func TestMain(m *testing.M) {
	if harness.IsChild() {
		os.Exit(harness.Child(busy()))
	}
	os.Exit(m.Run())
}

// small is a preset of short windows.
var small = Preset{Name: "small", Rounds: 2, Warm: time.Millisecond, Length: 2 * time.Millisecond, Windows: 2, LatencyIn: 1}

func cellsOf(impl ...string) []results.Cell {
	var cells []results.Cell
	for _, name := range impl {
		cells = append(cells, results.Cell{Contract: "toy", Work: "w", Impl: name, Params: []results.Param{{Key: "goroutines", Value: "2"}}, Procs: 2})
	}
	return cells
}

func run(t *testing.T, ctx context.Context, o Options, done []results.Trial, impl ...string) (string, *results.Run, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	journal, err := results.Create(filepath.Join(t.TempDir(), "run"), results.Info{})
	if err != nil {
		t.Fatal(err)
	}
	o.Preset, o.Spins, o.Grace = small, 1, 200*time.Millisecond
	if o.Timeout == 0 {
		o.Timeout = 20 * time.Second
	}
	state, runErr := Run(ctx, ByPoint(busy(), cellsOf(impl...), self), journal, done, o)
	if err := journal.Close(); err != nil {
		t.Fatal(err)
	}
	read, err := results.Open(journal.Dir())
	if err != nil {
		t.Fatal(err)
	}
	return state, read, runErr
}

func TestARunMeasuresEveryCellOnceARound(t *testing.T) {
	var reports int
	state, got, err := run(t, t.Context(), Options{Progress: func(p Progress) { reports++ }}, nil, "a", "b")
	if err != nil || state != "complete" || len(got.Trials) != 4 || reports != 4 {
		t.Fatalf("state %s, %d trials, %d reports, %v", state, len(got.Trials), reports, err)
	}
	for _, trial := range got.Trials {
		if trial.Status != results.Ok || trial.Values["ns/op"] <= 0 || trial.Seed == 0 || trial.Turns == 0 || len(trial.Windows) == 0 {
			t.Errorf("%+v", trial)
		}
	}
}

// What goes wrong costs its own row, once, and says why; the others go on.
func TestAFailureCostsOneRow(t *testing.T) {
	_, got, err := run(t, t.Context(), Options{}, nil, "a", "fails", "hangs", "exits")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]results.Status{"a": results.Ok, "fails": results.Failed, "hangs": results.Hung, "exits": results.Crashed}
	count := map[string]int{}
	for _, trial := range got.Trials {
		count[trial.Impl]++
		if trial.Status != want[trial.Impl] {
			t.Errorf("%s: %s (%s), want %s", trial.Impl, trial.Status, trial.Reason, want[trial.Impl])
		}
		if trial.Status == results.Ok {
			continue
		}
		text, err := os.ReadFile(filepath.Join(got.Path, "failures", trial.Detail))
		if err != nil || trial.Reason == "" {
			t.Fatalf("%s: reason %q, %v", trial.Impl, trial.Reason, err)
		}
		if spec, err := harness.ReplaySpec(string(text)); err != nil || spec.Cell.Name() != trial.Name() {
			t.Errorf("%s cannot be replayed: %+v, %v", trial.Impl, spec, err)
		}
	}
	if fmt.Sprint(count) != "map[a:2 exits:1 fails:1 hangs:1]" {
		t.Errorf("trials %v", count)
	}
}

// A child that does not even end is killed after its time.
func TestAChildThatLastsTooLongIsKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec := small.spec(Job{Cell: cellsOf("hangs")[0]}, 1, 1, Options{Spins: 1, Grace: time.Hour})
	out, err := harness.Run(t.Context(), self, spec, 300*time.Millisecond)
	if err != nil || out.Status != results.Hung || len(out.Text) < 100 {
		t.Errorf("%s: %s, %d bytes of stacks, %v", out.Status, out.Reason, len(out.Text), err)
	}
}

func TestResumingDoesNotRepeat(t *testing.T) {
	_, first, err := run(t, t.Context(), Options{Seed: 5}, nil, "a", "b")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, err := run(t, t.Context(), Options{Seed: 5}, first.Trials[:3], "a", "b")
	if err != nil || len(rest.Trials) != 1 || rest.Trials[0].Name() != first.Trials[3].Name() {
		t.Errorf("%d trials more, %v", len(rest.Trials), err)
	}
}

func TestInterruptionKeepsWhatIsThere(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	state, got, err := run(t, ctx, Options{Progress: func(p Progress) { cancel() }}, nil, "a", "b")
	if err != nil || state != "interrupted" || len(got.Trials) != 1 {
		t.Errorf("state %s, %d trials, %v", state, len(got.Trials), err)
	}
}

func TestBudget(t *testing.T) {
	if _, _, err := run(t, t.Context(), Options{Budget: time.Millisecond}, nil, "a", "b"); !errors.Is(err, ErrBudget) {
		t.Errorf("%v, want ErrBudget", err)
	}
	state, got, err := run(t, t.Context(), Options{Budget: time.Second}, nil, "a", "b")
	if err != nil || state != "budget" || len(got.Trials) == 0 {
		t.Errorf("state %s, %d trials, %v", state, len(got.Trials), err)
	}
}

// With a precision that is reached at once, the run ends at the first checkpoint and says why.
func TestPrecisionStopsAtACheckpoint(t *testing.T) {
	state, got, err := run(t, t.Context(), Options{Precision: 100}, nil, "a", "b")
	if err != nil || state != "complete" || len(got.Trials) != 2*checkpoints[0] {
		t.Errorf("state %s, %d trials, %v", state, len(got.Trials), err)
	}
	if s := got.Info.Stops; len(s) != 1 || s[0].Rounds != checkpoints[0] || s[0].Reason == "" {
		t.Errorf("stops %+v", s)
	}
}
