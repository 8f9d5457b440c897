package rounds

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/layout"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// busy returns a suite that runs real windows. The implementation "fails" fails its check
// in every window, "hangs" never returns, and "exits" ends its process.
func busy() []harness.Suite {
	var table []impls.Impl[string]
	for _, name := range []string{"a", "b", "fails", "hangs", "exits"} {
		table = append(table, impls.New(name, impls.Spin, "here", name))
	}
	return []harness.Suite{harness.NewSuite(
		harness.About{Pattern: "toy", Contract: "toy", Baseline: "a"},
		harness.Under(table, harness.Workload[string]{
			Load: harness.Load{Name: "w", Turn: "turn", Params: []harness.AnyParam{goroutines}},
			Run:  runBusy,
		}),
	)}
}

func runBusy(t *harness.Trial, name string) error {
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
}

func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main(busy()))
	}
	os.Exit(m.Run())
}

// small is a preset of short windows.
var small = Preset{
	Name: "small", Rounds: 2, Warm: time.Millisecond, Length: 2 * time.Millisecond, Windows: 2, LatencyIn: 1,
}

func cellOf(impl string) results.Cell {
	params := []results.Param{{Key: "goroutines", Value: "2"}}
	return results.Cell{Contract: "toy", Work: "w", Impl: impl, Params: params, Procs: 2}
}

// planOf is one block of cells.
func planOf(executable string, impl ...string) Plan {
	var jobs []Job
	for _, name := range impl {
		jobs = append(jobs, Job{Cell: cellOf(name), Executable: executable})
	}
	return Plan{Blocks: [][]Job{jobs}}
}

// run runs a plan of one block and returns how the run ended, and its results.
func run(
	t *testing.T, ctx context.Context, o Options, done []results.Trial, impl ...string,
) (string, *results.Run, error) {
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
	state, runErr := Run(ctx, planOf(self, impl...), journal, done, o)
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
		t.Fatalf("got state %s, %d trials, %d reports and error %v, want complete, 4 and 4",
			state, len(got.Trials), reports, err)
	}
	for _, trial := range got.Trials {
		measured := trial.Values["ns/op"] > 0 && trial.Turns > 0 && len(trial.Windows) > 0
		if trial.Status != results.Ok || !measured || trial.Seed == 0 {
			t.Errorf("got %+v, want status ok with a seed and turns in windows", trial)
		}
	}
}

// A failure costs one cell, once, and has a reason. The other cells continue.
func TestAFailureCostsOneCell(t *testing.T) {
	_, got, err := run(t, t.Context(), Options{}, nil, "a", "fails", "hangs", "exits")
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	want := map[string]results.Status{
		"a": results.Ok, "fails": results.Failed, "hangs": results.Hung, "exits": results.Crashed,
	}
	count := map[string]int{}
	for _, trial := range got.Trials {
		count[trial.Impl]++
		if trial.Status != want[trial.Impl] {
			t.Errorf("%s: got status %s (%s), want %s", trial.Impl, trial.Status, trial.Reason, want[trial.Impl])
		}
		if trial.Status == results.Ok {
			continue
		}
		text, err := os.ReadFile(filepath.Join(got.Path, "failures", trial.Detail))
		if err != nil || trial.Reason == "" {
			t.Fatalf("%s: got reason %q and error %v, want a reason and a file", trial.Impl, trial.Reason, err)
		}
		if spec, err := child.ReplaySpec(string(text)); err != nil || spec.Cell.Name() != trial.Name() {
			t.Errorf("%s: got spec %+v and error %v, want the spec of %s", trial.Impl, spec, err, trial.Name())
		}
	}
	if want := "map[a:2 exits:1 fails:1 hangs:1]"; fmt.Sprint(count) != want {
		t.Errorf("got trials %v, want %s", count, want)
	}
}

// A child that does not end is killed after its time limit.
func TestAChildThatTakesTooLongIsKilled(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec := small.spec(Job{Cell: cellOf("hangs")}, 1, 1, Options{Spins: 1, Grace: time.Hour})
	out, err := child.Run(t.Context(), self, spec, 300*time.Millisecond)
	if err != nil || out.Status != results.Hung || len(out.Text) < 100 {
		t.Errorf("got %s (%s), %d bytes of stacks and error %v, want hung with stacks",
			out.Status, out.Reason, len(out.Text), err)
	}
}

func TestResumingDoesNotRepeat(t *testing.T) {
	_, first, err := run(t, t.Context(), Options{Seed: 5}, nil, "a", "b")
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	var linked []int
	link := func(_ context.Context, round int) (map[string]layout.Executable, error) {
		linked = append(linked, round)
		return nil, nil
	}
	_, rest, err := run(t, t.Context(), Options{Seed: 5, Link: link}, first.Trials[:3], "a", "b")
	if !slices.Equal(linked, []int{2}) {
		t.Errorf("got links for rounds %v, want only for round 2, which is not complete", linked)
	}
	if err != nil || len(rest.Trials) != 1 || rest.Trials[0].Name() != first.Trials[3].Name() {
		t.Errorf("got %d trials and error %v, want only %s", len(rest.Trials), err, first.Trials[3].Name())
	}
}

// Every round runs what was linked for it, and the trial says which layout that was.
func TestRoundsRunWhatIsLinkedForThem(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link := func(_ context.Context, round int) (map[string]layout.Executable, error) {
		copied := filepath.Join(t.TempDir(), "linked")
		return map[string]layout.Executable{self: {Path: copied, Number: uint64(10 + round)}}, os.Symlink(self, copied)
	}
	_, got, err := run(t, t.Context(), Options{Link: link}, nil, "a", "b")
	if err != nil || len(got.Trials) != 4 {
		t.Fatalf("got %d trials and error %v, want 4", len(got.Trials), err)
	}
	for _, trial := range got.Trials {
		if want := uint64(10 + trial.Round); trial.Status != results.Ok || trial.Layout != want {
			t.Errorf("round %d: got status %s and layout %d, want ok and %d", trial.Round, trial.Status, trial.Layout, want)
		}
	}
	failing := func(context.Context, int) (map[string]layout.Executable, error) { return nil, errors.New("no linker") }
	if _, _, err := run(t, t.Context(), Options{Link: failing}, nil, "a"); err == nil || err.Error() != "no linker" {
		t.Errorf("got error %v, want no linker", err)
	}
}

func TestAnInterruptedRunKeepsItsTrials(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	state, got, err := run(t, ctx, Options{Progress: func(p Progress) { cancel() }}, nil, "a", "b")
	if err != nil || state != "interrupted" || len(got.Trials) != 1 {
		t.Errorf("got state %s, %d trials and error %v, want interrupted and 1", state, len(got.Trials), err)
	}
}

func TestBudget(t *testing.T) {
	if _, _, err := run(t, t.Context(), Options{Budget: time.Millisecond}, nil, "a", "b"); !errors.Is(err, ErrBudget) {
		t.Errorf("got error %v, want ErrBudget", err)
	}
	state, got, err := run(t, t.Context(), Options{Budget: time.Second}, nil, "a", "b")
	if err != nil || state != "budget" || len(got.Trials) == 0 {
		t.Errorf("got state %s, %d trials and error %v, want budget and at least 1", state, len(got.Trials), err)
	}
}

// With a precision that is reached at once, the run ends at the first checkpoint and says
// why.
func TestPrecisionStopsAtACheckpoint(t *testing.T) {
	var last Progress
	report := func(p Progress) {
		if !p.AtMost || p.Rounds != maxRounds || p.Round > p.Rounds || p.Done > p.Total {
			t.Errorf("got progress %+v, want at most %d rounds", p, maxRounds)
		}
		last = p
	}
	state, got, err := run(t, t.Context(), Options{Precision: 100, Progress: report}, nil, "a", "b")
	if err != nil || state != "complete" || len(got.Trials) != 2*checkpoints[0] {
		t.Errorf("got state %s, %d trials and error %v, want complete and %d",
			state, len(got.Trials), err, 2*checkpoints[0])
	}
	if n := checkpoints[0]; last.Done != 2*n || last.Total != 2*maxRounds {
		t.Errorf("got progress %+v at the end, want %d trials of at most %d", last, 2*n, 2*maxRounds)
	}
	if s := got.Info.Stops; len(s) != 1 || s[0].Rounds != checkpoints[0] || s[0].Reason == "" {
		t.Errorf("got stops %+v, want one with a reason after %d rounds", s, checkpoints[0])
	}
}

// due makes trials of an open loop with the same ns/op and the given p99s, by round.
func due(p99 ...float64) (trials []results.Trial) {
	c := cellOf("a")
	c.Params = append(c.Params, results.Param{Key: harness.RateKey, Value: "20000"})
	for i, v := range p99 {
		trials = append(trials, results.Trial{
			Cell: c, Round: i + 1, Status: results.Ok, Turns: 1000,
			Values: map[string]float64{"ns/op": 50, "p99-ns": v, "max-ns": 2 * v},
		})
	}
	return trials
}

// The precision of a point is that of the figure that ranks its rows, up to the round in
// question. Without the figure, it is not known to be precise.
func TestPrecisionIsThatOfTheRankingFigure(t *testing.T) {
	point := due(1)[0].Point()
	wild := due(100, 200, 100, 200, 100, 200, 100, 200)
	if w := widths(wild, 8, &results.Info{})[point]; w < 0.2 || math.IsInf(w, 1) {
		t.Errorf("p99 of 100 and 200 ns: got width %v, want that of the p99", w)
	}
	if w := widths(wild, 7, &results.Info{})[point]; w != widths(wild[:7], 8, &results.Info{})[point] {
		t.Errorf("up to round 7: got width %v, want that of the first 7 trials", w)
	}
	none := due(100, 100)
	delete(none[0].Values, "p99-ns")
	if w := widths(none, 8, &results.Info{})[point]; !math.IsInf(w, 1) {
		t.Errorf("a trial without a p99: got width %v, want infinity", w)
	}
	equal := due(100, 100, 100, 100, 100, 100, 100, 100)
	if w := widths(equal, 8, &results.Info{})[point]; w != 0 {
		t.Errorf("equal values: got width %v, want 0", w)
	}
}

// A resumed run does not stop a point again, nor measures it further.
func TestAResumedRunKeepsItsStops(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	journal, err := results.Create(filepath.Join(t.TempDir(), "run"), results.Info{})
	if err != nil {
		t.Fatal(err)
	}
	plan := planOf(self, "a", "b")
	o := Options{Precision: 100, Preset: small, Spins: 1, Grace: 200 * time.Millisecond, Timeout: 20 * time.Second}
	for range 2 {
		read, err := results.Open(journal.Dir())
		if err != nil {
			t.Fatal(err)
		}
		if state, err := Run(t.Context(), plan, journal, read.Trials, o); err != nil || state != "complete" {
			t.Fatalf("got state %s and error %v, want complete", state, err)
		}
		if s := journal.Info().Stops; len(s) != 1 || s[0].Rounds != checkpoints[0] {
			t.Errorf("got stops %+v, want one, after %d rounds", s, checkpoints[0])
		}
	}
	if err := journal.Close(); err != nil {
		t.Fatal(err)
	}
	if read, err := results.Open(journal.Dir()); err != nil || len(read.Trials) != 2*checkpoints[0] {
		t.Errorf("got %d trials and error %v, want %d", len(read.Trials), err, 2*checkpoints[0])
	}
}
