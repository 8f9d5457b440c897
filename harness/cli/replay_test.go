package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/results"
)

// failureOf writes the file of a failure.
func failureOf(t *testing.T, spec harness.Spec) string {
	t.Helper()
	line, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "failure.txt")
	writeText(t, file, child.ReplayMark+string(line)+"\nfailed: torn\n", 0o644)
	return file
}

func lying() harness.Spec {
	return harness.Spec{
		Cell: results.Cell{
			Contract: "mutex", Work: "counter", Impl: "liar", Procs: 2,
			Params: []results.Param{{Key: "goroutines", Value: "8"}},
		},
		Round: 1, Seed: 1, SpinsPerNs: 1, Windows: 3, Warm: time.Millisecond, Length: 5 * time.Millisecond,
	}
}

// A file chooses what is repeated, within bounds, and nothing else.
func TestAReplayTakesAClosedList(t *testing.T) {
	for says, change := range map[string]func(*harness.Spec){
		"windows is 1000000000":                   func(s *harness.Spec) { s.Windows = 1_000_000_000 },
		"length_ns is 24h":                        func(s *harness.Spec) { s.Length = 24 * time.Hour },
		"warm_ns is -1ns":                         func(s *harness.Spec) { s.Warm = -1 },
		"fairness_ns is 1h":                       func(s *harness.Spec) { s.Fairness = time.Hour },
		"stress_ns is -1ns":                       func(s *harness.Spec) { s.Stress = -1 },
		"rate is -1":                              func(s *harness.Spec) { s.Rate = -1 },
		"procs is 4096":                           func(s *harness.Spec) { s.Cell.Procs = 4096 },
		"its windows take":                        func(s *harness.Spec) { s.Windows, s.Length = 100, 5*time.Second },
		"it has no window":                        func(s *harness.Spec) { s.Windows = 0 },
		"1 to 100000":                             func(s *harness.Spec) { s.Cell.Params[0].Value = "100000000" },
		`unknown parameter "x"`:                   func(s *harness.Spec) { s.Cell.Params[0].Key = "x" },
		`no implementation "mylock" of mutex`:     func(s *harness.Spec) { s.Cell.Impl = "mylock" },
		`no suite "txn"`:                          func(s *harness.Spec) { s.Cell.Contract = "txn" },
		`not run liar under a workload "elsewhe`:  func(s *harness.Spec) { s.Cell.Work = "elsewhere" },
		`not run liar under a workload "another"`: func(s *harness.Spec) { s.Loads = []string{"another"} },
		"it names no workload":                    func(s *harness.Spec) { s.Cell.Work = "" },
	} {
		spec := lying()
		change(&spec)
		status, out, errOut := contend(t, "stress", "--replay", failureOf(t, spec))
		if status != wrong || !strings.Contains(errOut, says) || !strings.Contains(errOut, "failure.txt") {
			t.Errorf("got status %d, want %d and %q with the file in\n%s%s", status, wrong, says, out, errOut)
		}
	}
	spec := lying()
	spec.Profile, spec.ProfileDir = "cpu", filepath.Join(t.TempDir(), "profiles")
	spec.Grace, spec.SpinsPerNs, spec.Slower = 1, 1e300, 1e300
	spec.Endpoints = map[string]string{"toydb": "elsewhere:1"}
	status, out, errOut := contend(t, "stress", "--replay", failureOf(t, spec))
	says := "failed in try 1"
	if implstest.UnderRace() {
		says = "crashed in try 1" // the race detector ends the process first
	}
	if status != failed || !strings.Contains(out, says) {
		t.Errorf("got status %d, want %d and %q in\n%s%s", status, failed, says, out, errOut)
	}
	if _, err := os.Stat(spec.ProfileDir); err == nil {
		t.Error("got a folder of profiles, want none made for a file")
	}
}

// The file of a failure is a regular one, and bounded.
func TestAReplayReadsARegularFile(t *testing.T) {
	link := filepath.Join(t.TempDir(), "failure.txt")
	if err := os.Symlink("/dev/zero", link); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(t.TempDir(), "failure.txt")
	writeText(t, large, child.ReplayMark+strings.Repeat("x", maxFailure), 0o644)
	for file, says := range map[string]string{link: "want a regular file", large: "more than"} {
		status, out, errOut := contend(t, "stress", "--replay", file)
		if status != wrong || !strings.Contains(errOut, says) {
			t.Errorf("got status %d, want %d and %q in\n%s%s", status, wrong, says, out, errOut)
		}
	}
}
