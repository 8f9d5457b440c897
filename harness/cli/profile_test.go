package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/profiling"
	"github.com/contendbench/contend/impls"
)

func TestProfilesOpen(t *testing.T) {
	t.Chdir(t.TempDir())
	status, out, errOut := contend(t, "profile", "--filter", "/work:counter /impl:sync /goroutines:8", "--for", "200ms")
	if status != fine {
		t.Fatalf("got status %d, want 0\n%s%s", status, out, errOut)
	}
	for _, kind := range child.ProfileKinds {
		files, err := filepath.Glob("results/runs/profile-*/profiles/*/" + kind + ".*")
		if err != nil || len(files) != 1 {
			t.Errorf("%s: got files %v and error %v, want one file\n%s", kind, files, err, out)
		}
	}
}

// programs returns a suite whose only load is a program of a few microseconds.
func programs() []harness.Suite {
	load := harness.Workload[string]{
		Load: harness.Load{Name: "short", Turn: "program", Points: harness.Points{Quick: []harness.Grid{harness.Over()}}},
		Run: func(t *harness.Trial, _ string) error {
			return t.Window(func(w *harness.Window) error {
				w.Go("program", 1, func(w *harness.Worker) {
					for w.Next() {
						w.Spin(1000)
					}
				}, harness.Whole())
				return nil
			})
		},
	}
	table := []impls.Impl[string]{impls.Headline(impls.New("one", impls.Atomic, "a test", "one"))}
	about := harness.About{Pattern: "program", Contract: "program", Baseline: "one"}
	return []harness.Suite{harness.NewSuite(about, harness.Under(table, load))}
}

// A program that takes less than the time of the profile is repeated.
func TestProfilesOfAShortProgram(t *testing.T) {
	t.Chdir(t.TempDir())
	var out, errOut bytes.Buffer
	if status := execute(t.Context(), programs(), []string{"profile", "--for", "300ms"}, &out, &errOut); status != fine {
		t.Fatalf("got status %d, want 0\n%s%s", status, &out, &errOut)
	}
	for _, kind := range []string{"cpu", "goroutine"} {
		files, err := filepath.Glob("results/runs/profile-*/profiles/*/" + kind + ".pprof")
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: got files %v and error %v, want one file\n%s", kind, files, err, &out)
		}
		if top, err := profiling.Top(files[0], 10); err != nil || len(top) == 0 {
			t.Errorf("%s: got %v and error %v, want functions", kind, top, err)
		}
	}
}

// The cells of a run are profiled at its own points, which no preset need have.
func TestProfilesOfARun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	measure := []string{
		"run", "mutex", "--filter", "/work:counter /impl:sync", "--set", "goroutines=5",
		"--rounds", "1", "--layouts=false", "--out", dir,
	}
	if status, out, errOut := contend(t, measure...); status != fine {
		t.Fatalf("got status %d, want 0\n%s%s", status, out, errOut)
	}
	status, out, errOut := contend(t, "profile", "--run", dir, "--kind", "cpu", "--for", "100ms")
	if status != fine || !strings.Contains(out, "goroutines=5") {
		t.Errorf("got status %d, want 0 and a profile at 5 goroutines\n%s%s", status, out, errOut)
	}
	status, _, errOut = contend(t, "profile", "--run", dir, "--set", "goroutines=8")
	if status != wrong || !strings.Contains(errOut, "--set: --run profiles the run's own cells") {
		t.Errorf("got status %d and %q, want 2 and --set refused", status, errOut)
	}
	status, _, errOut = contend(t, "profile", "--run", dir, "--filter", "/impl:mcs")
	if status != wrong || !strings.Contains(errOut, "has no cell") {
		t.Errorf("got status %d and %q, want 2 and no cell", status, errOut)
	}
}
