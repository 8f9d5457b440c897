package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/cas"
	"github.com/contendbench/contend/workloads/lockfree/queue"
)

func olderSuites() []harness.Suite { return slices.Concat(cas.All(), queue.All()) }

// A run without suites has one table for all implementations of cas.
func TestAnOldRunGetsItsSuites(t *testing.T) {
	a := app{suites: olderSuites(), out: os.Stdout, err: os.Stderr}
	run, err := a.open("../../results/testdata/old")
	if err != nil {
		t.Fatal(err)
	}
	var suites, impls []string
	for _, s := range run.Info.Suites {
		suites = append(suites, s.Name)
	}
	for _, i := range run.Info.Impls {
		impls = append(impls, i.Suite+"/"+i.Name)
	}
	if want := []string{"counter", "cell"}; !slices.Equal(suites, want) {
		t.Errorf("got suites %q, want %q", suites, want)
	}
	if want := []string{"counter/fetch-and-add", "counter/mutex", "cell/value", "cell/mutex"}; !slices.Equal(impls, want) {
		t.Errorf("got implementations %q, want %q", impls, want)
	}
}

// A results file alone has no tables. Those of the command say what is a control, in
// which folder a contract is, and what a turn is.
func TestAResultsFileGetsTheTables(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString("Unit ns/op rounds=lines\n")
	for range 8 {
		text.WriteString("BenchmarkQueue/work=pairs/impl=none/goroutines=8-2 1000 1 ns/op\n")
		text.WriteString("BenchmarkQueue/work=pairs/impl=channel/goroutines=8-2 1000 50 ns/op\n")
	}
	if err := os.WriteFile(filepath.Join(dir, "bench.txt"), []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	a := app{suites: olderSuites(), out: os.Stdout, err: os.Stderr}
	run, err := a.open(dir)
	if err != nil {
		t.Fatal(err)
	}
	v := results.Verdicts(run, results.Options{})
	if len(v) != 1 || v[0].Contract != "lockfree/queue" || !slices.Equal(v[0].Best, []string{"channel"}) {
		t.Errorf("got %+v, want one verdict of lockfree/queue with channel as the best", v)
	}
	var out, errOut bytes.Buffer
	args := []string{"advise", "queue", "--run", dir}
	if status := execute(context.Background(), olderSuites(), args, &out, &errOut); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut.String())
	}
	if !strings.Contains(out.String(), "an unknown day") {
		t.Errorf("got\n%s\nwant evidence from an unknown day", out.String())
	}
}

// The names in an old journal have changed, so a run would go on under others.
func TestAnOldRunIsNotResumed(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../results/testdata/old")); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	status := execute(context.Background(), olderSuites(), []string{"run", "--resume", dir}, &out, &errOut)
	if status != wrong || !strings.Contains(errOut.String(), "start a new run") {
		t.Errorf("got status %d and %q, want 2 and advice to start a new run", status, errOut.String())
	}
}

// Damage of a run is told once, however often a command reads the run.
func TestDamageIsToldOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if status, _, errOut := small(t, dir); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut)
	}
	journal := filepath.Join(dir, "trials.jsonl")
	writeText(t, journal, "{\n"+readText(t, journal), 0o644)
	for _, args := range [][]string{
		{"run", "--resume", dir},
		{"profile", "--run", dir, "--filter", "/impl:mcs", "--kind", "cpu", "--for", "50ms"},
	} {
		status, _, errOut := contend(t, args...)
		if n := strings.Count(errOut, "trials.jsonl:1: skipped"); status != fine || n != 1 {
			t.Errorf("%s: got status %d and %d warnings, want 0 and 1 in\n%s", args[0], status, n, errOut)
		}
	}
}

// A run.json that says nothing is damage, since reports are of a machine and a time.
func TestAnEmptyRunJSONIsToldOf(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if status, _, errOut := small(t, dir); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut)
	}
	const says = "run.json:1: it says nothing"
	if _, _, errOut := contend(t, "report", dir); strings.Contains(errOut, says) {
		t.Errorf("got %q, want no word on a whole run.json", errOut)
	}
	writeText(t, filepath.Join(dir, "run.json"), "{}", 0o644)
	if status, _, errOut := contend(t, "report", dir); status != fine || !strings.Contains(errOut, says) {
		t.Errorf("got status %d and %q, want 0 and %q", status, errOut, says)
	}
	if err := os.Remove(filepath.Join(dir, "trials.jsonl")); err != nil { // bench.txt remains
		t.Fatal(err)
	}
	if status, _, errOut := contend(t, "report", dir); status != fine || !strings.Contains(errOut, says) {
		t.Errorf("from bench.txt: got status %d and %q, want 0 and %q", status, errOut, says)
	}
}
