package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/selftest"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/mutex"
)

// rows are those of the mutex and a lock that does not lock, without being declared a control.
func rows() []harness.Row {
	table := slices.Concat(locks.All(), locks.Broken())
	for _, i := range locks.All() {
		if i.Role == impls.Noop {
			i.Name, i.Role = "liar", impls.Contender
			table = append(table, i)
		}
	}
	return harness.Rows(mutex.Pattern(table...))
}

func TestMain(m *testing.M) {
	if status, ok := asBinary(); ok {
		os.Exit(status)
	}
	if harness.IsChild() {
		os.Exit(harness.Child(append(rows(), harness.Rows(selftest.Pattern())...)))
	}
	os.Exit(m.Run())
}

// contend runs the command as main does.
func contend(t *testing.T, args ...string) (status int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	status = execute(context.Background(), rows(), args, &o, &e)
	return status, o.String(), e.String()
}

// small is a run of a few cells and rounds.
func small(t *testing.T, dir string, more ...string) (int, string, string) {
	t.Helper()
	args := []string{"run", "mutex", "--filter", "/work:counter /goroutines:8 /impl:(sync OR sync.again OR mcs)", "--rounds", "3", "--out", dir, "--seed", "7"}
	return contend(t, append(args, more...)...)
}

func TestBadUsageIsStatusTwoWithAHint(t *testing.T) {
	dir := t.TempDir()
	if status, _, errOut := small(t, filepath.Join(dir, "run")); status != fine {
		t.Fatal(errOut)
	}
	junk := filepath.Join(dir, "junk.txt")
	if err := os.WriteFile(junk, []byte("no benchmark here\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"run", "mutx"}, []string{"mutx", "mutex"}},
		{[]string{"rum"}, []string{"rum", "run"}},
		{[]string{"run", "--preset", "quik"}, []string{"quik", "quick, standard, full"}},
		{[]string{"run", "--set", "gorutines=2"}, []string{"gorutines", "goroutines"}},
		{[]string{"run", "--set", "goroutines=two"}, []string{"two", "goroutines"}},
		{[]string{"run", "--set", "goroutines=0"}, []string{"0", "1 to 100000"}},
		{[]string{"run", "--set", "goroutines"}, []string{"key=value"}},
		{[]string{"run", "--filter", "/impl:(mcs"}, []string{"/impl:(mcs"}},
		{[]string{"run", "--filter", "/impl:mxs"}, []string{"no cell", "mxs"}},
		{[]string{"run", "--filter", "impl:mcs"}, []string{"/impl"}},
		{[]string{"run", "--rounds", "-1"}, []string{"--rounds", "at least 1"}},
		{[]string{"run", "--budget", "1ms", "--out", filepath.Join(dir, "b")}, []string{"too small for one round"}},
		{[]string{"run", "--precision", "many"}, []string{"--precision", "5%"}},
		{[]string{"run", "--out", filepath.Join(dir, "run")}, []string{"trials.jsonl"}},
		{[]string{"run", "--out", filepath.Join(junk, "below")}, []string{"junk.txt"}},
		{[]string{"run", "--resume", filepath.Join(dir, "none")}, []string{"none"}},
		{[]string{"stress", "--impl", "mxs"}, []string{"mxs", "contend list"}},
		{[]string{"stress", "--for", "0s"}, []string{"--for"}},
		{[]string{"stress", "--replay", junk}, []string{"junk.txt", "not a failure's file"}},
		{[]string{"stress", "--bugs", "--tries", "0"}, []string{"--tries"}},
		{[]string{"compare", filepath.Join(dir, "nothing")}, []string{"nothing"}},
		{[]string{"compare", junk}, []string{"junk.txt"}},
		{[]string{"compare", empty}, []string{filepath.Base(empty)}},
		{[]string{"compare"}, []string{"between 1 and 2"}},
		{[]string{"compare", "a", "b", "--alpha", "2"}, []string{"--alpha"}},
		{[]string{"plot", junk}, []string{"junk.txt"}},
		{[]string{"report", empty}, []string{filepath.Base(empty)}},
		{[]string{"duet", "no-such-revision"}, []string{"no-such-revision", "git revision"}},
		{[]string{"duet", junk}, []string{"cannot be executed"}},
		{[]string{"profile", "--kind", "heap", "--filter", "/impl:mcs /goroutines:8 /work:counter"}, []string{"heap", "cpu"}},
		{[]string{"profile"}, []string{"too many", "--filter"}},
		{[]string{"advise", "mutex", "--run", empty}, []string{filepath.Base(empty)}},
		{[]string{"advise", "mutex", "--run", filepath.Join(dir, "run"), "--where", "goroutines=many"}, []string{"goroutines=many"}},
		{[]string{"list", "mutexes"}, []string{"mutexes", "mutex"}},
		{[]string{"list", "--jsn"}, []string{"jsn"}},
		{[]string{"list", "--engines", "no-such-file"}, []string{"no-such-file"}},
		{[]string{"run", "--endpoints", "etcd=127.0.0.1:2379"}, []string{"etcd"}},
		{[]string{"selftest", "--null", "-1"}, []string{"--null"}},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Chdir(t.TempDir())
			status, out, errOut := contend(t, c.args...)
			if status != wrong {
				t.Errorf("status %d, want %d; %s%s", status, wrong, out, errOut)
			}
			for _, s := range c.says {
				if !strings.Contains(errOut, s) {
					t.Errorf("the error does not say %q: %s", s, errOut)
				}
			}
			if n := strings.Count(strings.TrimSpace(errOut), "\n"); n > 3 {
				t.Errorf("the error has %d lines: %s", n+1, errOut)
			}
		})
	}
}

func TestListShapes(t *testing.T) {
	status, out, _ := contend(t, "list", "--json")
	var list []map[string]any
	if err := json.Unmarshal([]byte(out), &list); status != fine || err != nil {
		t.Fatalf("status %d, %v", status, err)
	}
	for _, l := range list {
		for _, key := range []string{"pattern", "contract", "impl", "kind", "source", "promises", "control", "workloads", "skipped"} {
			if _, ok := l[key]; !ok {
				t.Errorf("%v has no %s", l["impl"], key)
			}
		}
	}
	for _, flag := range []string{"", "--kinds", "--promises", "--params", "--markdown"} {
		args := []string{"list", "mutex"}
		if flag != "" {
			args = append(args, flag)
		}
		if status, out, errOut := contend(t, args...); status != fine || !strings.Contains(out, "mutex") {
			t.Errorf("list %s: status %d, %s%s", flag, status, out, errOut)
		}
	}
}

func TestRunWritesWhatFollows(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	status, out, errOut := small(t, dir)
	if status != fine {
		t.Fatalf("status %d\n%s%s", status, out, errOut)
	}
	for _, name := range []string{"trials.jsonl", "run.json", "bench.txt", "report.html", "hist", "plots"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
		if !strings.Contains("trials.jsonl run.json hist", name) && !strings.Contains(out, filepath.Join(dir, name)) {
			t.Errorf("the output does not name %s:\n%s", name, out)
		}
	}
	report, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := contend(t, "list", "mutex", "--promises")
	for _, p := range []impls.Promise{impls.StarvationFree, impls.Try} { // the list and the report say the same of them
		if !bytes.Contains(report, []byte(p.Meaning())) || !strings.Contains(list, p.Meaning()) {
			t.Errorf("the list or the report does not say what %s means:\n%s", p, list)
		}
	}
	for _, args := range [][]string{
		{"compare", dir},
		{"compare", dir, "--markdown"},
		{"compare", dir, "--json"},
		{"compare", dir, filepath.Join(dir, "bench.txt")},
		{"plot", dir, "--out", filepath.Join(dir, "again")},
		{"report", dir},
		{"advise", "mutex", "--run", dir, "--where", "goroutines=10"},
		{"advise", "mutex", "--run", dir, "--json"},
	} {
		if status, out, errOut := contend(t, args...); status != fine || out == "" {
			t.Errorf("%v: status %d\n%s%s", args, status, out, errOut)
		}
	}
}

func TestALockThatFailsItsCheckHasNoNumber(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	status, out, _ := contend(t, "run", "--filter", "/work:counter /goroutines:8 /impl:(sync OR liar)", "--rounds", "2", "--out", dir)
	if status != failed || !strings.Contains(out, "impl=liar") || !strings.Contains(out, "--replay") {
		t.Errorf("status %d\n%s", status, out)
	}
	bench, err := os.ReadFile(filepath.Join(dir, "bench.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(bench, []byte("impl=liar")) || !bytes.Contains(bench, []byte("impl=sync")) {
		t.Errorf("bench.txt:\n%s", bench)
	}
	files, err := filepath.Glob(filepath.Join(dir, "failures", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no failure kept: %v", err)
	}
	if status, out, errOut := contend(t, "stress", "--replay", files[0]); status != failed || !strings.Contains(out, "in try") {
		t.Errorf("replay: status %d\n%s%s", status, out, errOut)
	}
}

func TestResumeFinishesWhatWasKilled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if status, _, errOut := small(t, dir); status != fine {
		t.Fatal(errOut)
	}
	whole, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	journal := filepath.Join(dir, "trials.jsonl")
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(journal, text[:len(text)*2/3], 0o644); err != nil { // torn within a line
		t.Fatal(err)
	}
	if status, out, errOut := contend(t, "run", "--resume", dir); status != fine {
		t.Fatalf("status %d\n%s%s", status, out, errOut)
	}
	again, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Trials) != len(whole.Trials) || len(again.Problems) != 0 {
		t.Errorf("%d trials and problems %v after resuming, want %d", len(again.Trials), again.Problems, len(whole.Trials))
	}
}

func TestStressFailsOnABugAndPassesItsTwin(t *testing.T) {
	t.Chdir(t.TempDir())
	if status, out, errOut := contend(t, "stress", "--impl", "sync", "--for", "200ms"); status != fine {
		t.Errorf("status %d\n%s%s", status, out, errOut)
	}
	want := "FAILED"
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		want = "CRASHED" // the race detector ends the process first
	}
	// Under this workload alone: under one with a map the runtime may end the process first, which is no failed check.
	if status, out, _ := contend(t, "stress", "--impl", "liar", "--work", "counter", "--for", "2s"); status != failed || !strings.Contains(out, want) {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestDuetOfTwoBinaries(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"duet", self, self, "--filter", "/work:counter /impl:sync /goroutines:2", "--rounds", "8", "--out", filepath.Join(t.TempDir(), "duet")}
	if status, out, errOut := contend(t, append(args, "--markdown")...); status != fine || !strings.Contains(out, "| base → head |") {
		t.Errorf("status %d\n%s%s", status, out, errOut)
	}
}

func TestTheGate(t *testing.T) {
	row := func(outcome results.Outcome, ratio float64) []results.Comparison {
		return []results.Comparison{{Outcome: outcome, Ratio: ratio}}
	}
	for _, c := range []struct {
		name string
		rows []results.Comparison
		fail bool
		bad  int
		want error
	}{
		{"slower", row(results.Different, 1.2), true, 0, errFailed},
		{"slower, no gate", row(results.Different, 1.2), false, 0, nil},
		{"slower within the threshold", row(results.Different, 1.02), true, 0, nil},
		{"faster", row(results.Different, 0.8), true, 0, nil},
		{"inconclusive", row(results.Inconclusive, 1.2), true, 0, nil},
		{"failed check", row(results.Equivalent, 1), true, 1, errFailed},
	} {
		if err := gate(c.rows, 0.03, c.fail, c.bad); err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestProfilesOpen(t *testing.T) {
	t.Chdir(t.TempDir())
	status, out, errOut := contend(t, "profile", "--filter", "/work:counter /impl:sync /goroutines:8", "--for", "200ms")
	if status != fine {
		t.Fatalf("status %d\n%s%s", status, out, errOut)
	}
	for _, kind := range harness.ProfileKinds {
		files, err := filepath.Glob("results/runs/profile-*/profiles/*/" + kind + ".*")
		if err != nil || len(files) != 1 {
			t.Errorf("%s: %v, %v\n%s", kind, files, err, out)
		}
	}
}
