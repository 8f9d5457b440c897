package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/ledger"
	"github.com/contendbench/contend/impls"
)

// endings returns a suite whose implementations end their process, or their trial, or do
// neither.
func endings() []harness.Suite {
	row := func(name string) impls.Impl[string] { return impls.New(name, impls.Atomic, "a test", name) }
	table := []impls.Impl[string]{row("sound"), row("exit-0"), row("exit-3"), row("wrong")}
	table = append(table, impls.Seed(table,
		impls.Bug[string]{Name: "bug", Twin: "sound", Flaw: "it fails", New: "wrong"},
		impls.Bug[string]{Name: "hidden", Twin: "sound", Flaw: "it never fails", New: "sound"},
		impls.Bug[string]{Name: "unreached", Twin: "sound", Flaw: "it fails", New: "wrong"},
	)...)
	load := harness.Workload[string]{
		Load: harness.Load{Name: "short", Turn: "turn", Points: harness.Points{Stress: []harness.Grid{harness.Over()}}},
		Run:  ending,
	}
	about := harness.About{Pattern: "ending", Contract: "ending", Baseline: "sound"}
	return []harness.Suite{harness.NewSuite(about, harness.Under(table, load))}
}

func ending(t *harness.Trial, name string) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("worker", 1, func(w *harness.Worker) {
			for w.Next() {
				w.Spin(100)
			}
		})
		w.Check(func() error {
			var status int
			switch n, err := fmt.Sscanf(name, "exit-%d", &status); {
			case n == 1 && err == nil:
				os.Exit(status)
			case name != "sound":
				return fmt.Errorf("%s is wrong", name)
			}
			return nil
		})
		return nil
	})
}

// ended runs the command over endings.
func ended(ctx context.Context, args ...string) (status int, out, errOut string) {
	var o, e bytes.Buffer
	status = execute(ctx, endings(), args, &o, &e)
	return status, o.String(), e.String()
}

// A failure is told and counted although its files cannot be written, and the rows after
// it run.
func TestAFailureWithoutAFileIsStillAFailure(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	writeText(t, file, "", 0o644)
	var out, errOut bytes.Buffer
	a := &app{suites: endings(), out: &out, err: &errOut, command: "contend"}
	var err error
	if a.self, err = os.Executable(); err != nil {
		t.Fatal(err)
	}
	s := stressing{
		filter: "/impl:(exit-3 OR wrong OR sound)", each: 50 * time.Millisecond, seed: 1, out: filepath.Join(file, "f"),
	}
	targets, err := a.targets(nil, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.stress(t.Context(), targets, s); err != errFailed {
		t.Errorf("got error %v, want %v", err, errFailed)
	}
	for _, want := range []string{
		"ok       ending/sound", "CRASHED  ending/exit-3", "FAILED   ending/wrong", "wrong is wrong", "2 of 3 failed",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got no %q, want it in\n%s", want, out.String())
		}
	}
	if n := strings.Count(errOut.String(), "files of this failure are missing: "); n != 2 {
		t.Errorf("got %d warnings, want 2 in\n%s", n, errOut.String())
	}
}

// A folder for failures that takes no file is refused before anything runs.
func TestAFolderThatTakesNoFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Join(file, "below"), filepath.Join(file, "not", "yet")} {
		if err := writable(dir); err == nil || !strings.Contains(err.Error(), "--out "+dir) {
			t.Errorf("got error %v, want one of --out %s", err, dir)
		}
		status, out, errOut := ended(t.Context(), "stress", "--out", dir)
		if status != wrong || out != "" || !strings.Contains(errOut, "--out") || !strings.Contains(errOut, dir) {
			t.Errorf("got status %d, want %d, no line of a row and --out in\n%s%s", status, wrong, out, errOut)
		}
	}
	dir := t.TempDir()
	free := filepath.Join(dir, "not", "yet")
	if err := writable(free); err != nil {
		t.Errorf("got error %v, want none", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("got %v and error %v, want nothing left", left, err)
	}
}

// A process that ends itself names the point that it was at, and that point is replayed.
func TestACrashNamesItsPoint(t *testing.T) {
	for impl, want := range map[string]string{
		"exit-0": "the process ended with exit status 0 before it sent a result\n",
		"exit-3": "the process ended with exit status 3: nothing on standard error\n",
	} {
		dir := t.TempDir()
		status, out, errOut := ended(t.Context(), "stress", "--filter", "/impl:"+impl, "--for", "1s", "--out", dir)
		at := "s: at Ending/work=short/impl=" + impl
		if status != failed || !strings.Contains(out, at) || !strings.Contains(out, ", window 1: "+want) {
			t.Errorf("got status %d, want %d, %q and %q in\n%s%s", status, failed, at, want, out, errOut)
		}
		files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
		if err != nil || len(files) != 1 {
			t.Fatalf("got %v and error %v, want one file", files, err)
		}
		text, err := os.ReadFile(files[0])
		if err != nil || !strings.Contains(string(text), `"work":"short"`) {
			t.Errorf("got error %v, want none and the workload in\n%s", err, text)
		}
	}
}

// An interrupted stress says how far the row in progress was, and what it did not reach.
func TestAnInterruptedStressSaysHowFarItWas(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	status, out, errOut := ended(ctx, "stress", "--filter", "/impl:(sound OR wrong)", "--for", "1h", "--out", t.TempDir())
	said := regexp.MustCompile(
		`interrupted: ending/sound passed [1-9]\d* windows, 1 implementations were not reached, 0 failed\n$`)
	if status != failed || !said.MatchString(out) {
		t.Errorf("got status %d, want %d, windows and 1 row not reached in\n%s%s", status, failed, out, errOut)
	}
}

// until cancels a context as soon as a text is written.
type until struct {
	all    bytes.Buffer
	text   string
	cancel func()
}

func (u *until) Write(p []byte) (int, error) {
	n, err := u.all.Write(p)
	if strings.Contains(u.all.String(), u.text) {
		u.cancel()
	}
	return n, err
}

// An interrupted ledger prints what it has, and says that it is incomplete.
func TestAnInterruptedLedgerIsPrinted(t *testing.T) {
	const note = "incomplete: 1 of 3 bugs had all their tries\n"
	out, errOut := interruptedLedger(t)
	if !strings.Contains(out, "2 of 2") || strings.Contains(out, "unreached") || !strings.HasSuffix(out, note) {
		t.Errorf("got\n%s%s\nwant the first bug alone, and %q", out, errOut, note)
	}
	out, errOut = interruptedLedger(t, "--json")
	if !strings.Contains(errOut, note) {
		t.Errorf("got %q, want %q in it", errOut, note)
	}
	var entries []ledger.Entry
	if err := json.Unmarshal([]byte(out), &entries); err != nil || len(entries) != 3 {
		t.Fatalf("got error %v, want none and 3 entries in\n%s", err, out)
	}
	for i, want := range []int{2, 0, 0} {
		e := entries[i]
		if e.Tries != want || e.Caught != want || e.Incomplete != (want == 0) {
			t.Errorf("%s: got %d of %d, incomplete: %v; want %d tries", e.Bug, e.Caught, e.Tries, e.Incomplete, want)
		}
	}
}

// interruptedLedger interrupts a ledger after the first of three bugs.
func interruptedLedger(t *testing.T, more ...string) (out, errOut string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var o bytes.Buffer
	e := &until{text: "ending/bug: caught 2 of 2", cancel: cancel}
	args := []string{"stress", "--bugs", "--twin", "1ms", "--tries", "2", "--for", "1h"}
	if status := execute(ctx, endings(), append(args, more...), &o, e); status != failed {
		t.Errorf("got status %d, want %d", status, failed)
	}
	if out, errOut = o.String(), e.all.String(); !strings.Contains(errOut, e.text) {
		t.Errorf("got %q, want %q in it", errOut, e.text)
	}
	return out, errOut
}
