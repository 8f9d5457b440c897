package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/selftest"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/mutex"
)

// suites returns the mutex with a lock that does not lock and is not declared a control.
func suites() []harness.Suite {
	liar := impls.New("liar", impls.Spin, "here", func() sync.Locker { return locks.None{} })
	return []harness.Suite{mutex.Suite(append(slices.Concat(locks.All(), locks.Broken()), liar)...)}
}

func TestMain(m *testing.M) {
	if status, ok := asBinary(); ok {
		os.Exit(status)
	}
	if child.Is() {
		os.Exit(child.Main(slices.Concat(suites(), stores(), endings(), programs(), []harness.Suite{selftest.Suite()})))
	}
	os.Exit(m.Run())
}

// contend runs the command as main does.
func contend(t *testing.T, args ...string) (status int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	status = execute(context.Background(), suites(), args, &o, &e)
	return status, o.String(), e.String()
}

// small runs a few cells for a few rounds.
func small(t *testing.T, dir string, more ...string) (int, string, string) {
	t.Helper()
	filter := "/work:counter /goroutines:8 /impl:(sync OR sync.again OR mcs)"
	args := []string{"run", "mutex", "--filter", filter, "--rounds", "3", "--out", dir, "--seed", "7"}
	return contend(t, append(args, more...)...)
}

// misuse is a command line that must fail, and what its error must say.
type misuse struct{ args, says []string }

// misuses are command lines for a folder with a run, a file of no benchmark and an empty
// folder.
func misuses(dir, junk, empty string) []misuse {
	return []misuse{
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
		{[]string{"run", "--budget", "-5s"}, []string{"--budget -5s", "10m"}},
		{[]string{"run", "--timeout", "-1s"}, []string{"--timeout -1s", "2m"}},
		{[]string{"run", "mutex", "--set", "parties=2"}, []string{"parties", "no selected load"}},
		{[]string{"run", "--resume", filepath.Join(dir, "run"), "--rounds", "3"}, []string{"leave out --rounds"}},
		{[]string{"run", "mutex", "--resume", filepath.Join(dir, "run")}, []string{"leave out mutex"}},
		{[]string{"duet", "HEAD", "--timeout", "0s"}, []string{"--timeout 0s"}},
		{[]string{"run", "--precision", "many"}, []string{"--precision", "5%"}},
		{[]string{"run", "--out", filepath.Join(dir, "run")}, []string{"trials.jsonl"}},
		{[]string{"run", "--out", filepath.Join(junk, "below")}, []string{"junk.txt"}},
		{[]string{"run", "--resume", filepath.Join(dir, "none")}, []string{"none", "no run to continue"}},
		{[]string{"run", "--resume", empty}, []string{"no run to continue", "run.json"}},
		{[]string{"run", "--resume", filepath.Join(dir, "run"), "--dry-run"}, []string{"leave out --dry-run"}},
		{[]string{"stress", "--filter", "/impl:mxs"}, []string{"mxs", "contend list"}},
		{[]string{"stress", "--for", "0s"}, []string{"--for"}},
		{[]string{"stress", "--replay", junk}, []string{"junk.txt", "not the file of a failure"}},
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
		{[]string{"duet", "HEAD", "--unit", "p99ns"}, []string{"p99ns", `did you mean "p99-ns"`}},
		{[]string{"duet", "HEAD", "--unit", "kept-rate"}, []string{"no trial of this plan has it"}},
		{
			[]string{"duet", "HEAD", "--fail", "--rounds", "9", "--filter", "/impl:(sync OR mcs) /goroutines:2 /work:counter"},
			[]string{"--rounds 9", "one row among 2", "--rounds 17"},
		},
		{[]string{"duet", "HEAD", "--fail", "--precision", "5%"}, []string{"--fail with --precision"}},
		{[]string{"profile", "--kind", "heap", "--filter", "/impl:mcs /goroutines:8 /work:counter"}, []string{"heap", "cpu"}},
		{[]string{"profile"}, []string{"at most 12", "--filter"}},
		{[]string{"advise", "mutex", "--run", empty}, []string{filepath.Base(empty)}},
		{
			[]string{"advise", "mutex", "--run", filepath.Join(dir, "run"), "--where", "goroutines=many"},
			[]string{"goroutines=many"},
		},
		{[]string{"list", "mutexes"}, []string{"mutexes", "mutex"}},
		{[]string{"list", "--jsn"}, []string{"jsn"}},
		{[]string{"list", "--engines", "no-such-file"}, []string{"no-such-file"}},
		{[]string{"run", "--endpoints", "etcd=127.0.0.1:2379"}, []string{"etcd"}},
		{[]string{"selftest", "--null", "-1"}, []string{"--null"}},
		{[]string{"selftest", "--goroutines", "0"}, []string{"--goroutines 0", "1 to 1000"}},
	}
}

func TestBadUsageIsStatusTwoWithAHint(t *testing.T) {
	dir := t.TempDir()
	if status, _, errOut := small(t, filepath.Join(dir, "run")); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut)
	}
	junk := filepath.Join(dir, "junk.txt")
	if err := os.WriteFile(junk, []byte("no benchmark here\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range slices.Concat(misuses(dir, junk, t.TempDir()), ignored(dir, junk)) {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			t.Chdir(t.TempDir())
			status, out, errOut := contend(t, c.args...)
			if status != wrong {
				t.Errorf("got status %d, want %d\n%s%s", status, wrong, out, errOut)
			}
			for _, s := range c.says {
				if !strings.Contains(errOut, s) {
					t.Errorf("got error %q, want it to say %q", errOut, s)
				}
			}
			if made, err := filepath.Glob("results/runs/*"); err != nil || len(made) > 0 {
				t.Errorf("got %q and error %v, want no folder of a run that cannot start", made, err)
			}
			if n := strings.Count(strings.TrimSpace(errOut), "\n"); n > 3 {
				t.Errorf("got an error of %d lines, want at most 4\n%s", n+1, errOut)
			}
		})
	}
}

func TestListShapes(t *testing.T) {
	status, out, _ := contend(t, "list", "--json")
	var list []map[string]any
	if err := json.Unmarshal([]byte(out), &list); status != fine || err != nil {
		t.Fatalf("got status %d and error %v, want 0 and none", status, err)
	}
	for _, l := range list {
		for _, key := range []string{
			"pattern", "contract", "suite", "impl", "kind", "source", "promises", "control", "workloads", "skipped",
		} {
			if _, ok := l[key]; !ok {
				t.Errorf("got %v, want it to have %s", l, key)
			}
		}
	}
	for _, flag := range []string{"", "--kinds", "--promises", "--params", "--markdown"} {
		args := []string{"list", "mutex"}
		if flag != "" {
			args = append(args, flag)
		}
		if status, out, errOut := contend(t, args...); status != fine || !strings.Contains(out, "mutex") {
			t.Errorf("list %s: got status %d, want 0 and mutex in\n%s%s", flag, status, out, errOut)
		}
	}
}

func TestRunWritesWhatFollows(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	status, out, errOut := small(t, dir)
	if status != fine {
		t.Fatalf("got status %d, want 0\n%s%s", status, out, errOut)
	}
	for _, name := range []string{"trials.jsonl", "run.json", "bench.txt", "report.html", "hist", "plots"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: got %v and error %v, want a file or folder that is not empty", name, info, err)
		}
		if !strings.Contains("trials.jsonl run.json hist", name) && !strings.Contains(out, filepath.Join(dir, name)) {
			t.Errorf("got no path of %s, want it in\n%s", name, out)
		}
	}
	report, err := os.ReadFile(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := contend(t, "list", "mutex", "--promises")
	for _, p := range []impls.Promise{impls.StarvationFree, impls.Try} { // the list and the report explain them alike
		if !bytes.Contains(report, []byte(p.Meaning)) || !strings.Contains(list, p.Meaning) {
			t.Errorf("got no meaning of %s, want it in the report and in\n%s", p.Name, list)
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
			t.Errorf("%v: got status %d, want 0 and output\n%s%s", args, status, out, errOut)
		}
	}
}

func TestALockThatFailsItsCheckHasNoNumber(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	filter := "/work:counter /goroutines:8 /impl:(sync OR liar)"
	status, out, _ := contend(t, "run", "--filter", filter, "--rounds", "2", "--out", dir)
	if status != failed || !strings.Contains(out, "impl=liar") || !strings.Contains(out, "--replay") {
		t.Errorf("got status %d, want %d and the failure of liar in\n%s", status, failed, out)
	}
	bench, err := os.ReadFile(filepath.Join(dir, "bench.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(bench, []byte("impl=liar")) || !bytes.Contains(bench, []byte("impl=sync")) {
		t.Errorf("got bench.txt\n%s\nwant rows of sync and none of liar", bench)
	}
	files, err := filepath.Glob(filepath.Join(dir, "failures", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("got failures %v and error %v, want at least 1 file", files, err)
	}
	status, out, errOut := contend(t, "stress", "--replay", files[0])
	if status != failed || !strings.Contains(out, "in try") {
		t.Errorf("replay: got status %d, want %d\n%s%s", status, failed, out, errOut)
	}
}

// An interrupted run is no success. It says how to continue.
func TestAnInterruptedRunSaysHowToContinue(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var out, errOut bytes.Buffer
	args := []string{"run", "--filter", "/work:counter /impl:sync /goroutines:2", "--rounds", "10000", "--out", dir}
	status := execute(ctx, suites(), args, &out, &errOut)
	if want := os.Args[0] + " run --resume " + dir; status != failed || !strings.Contains(out.String(), want) {
		t.Errorf("got status %d, want %d and %q in\n%s%s", status, failed, want, out.String(), errOut.String())
	}
}

func TestResumeFinishesWhatWasKilled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if status, _, errOut := small(t, dir); status != fine {
		t.Fatalf("got status %d, want 0\n%s", status, errOut)
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
		t.Fatalf("got status %d, want 0\n%s%s", status, out, errOut)
	}
	again, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(again.Trials) != len(whole.Trials) || len(again.Problems) != 0 {
		t.Errorf("got %d trials and problems %v, want %d and none", len(again.Trials), again.Problems, len(whole.Trials))
	}
}

func TestStressFailsOnABugAndPassesItsTwin(t *testing.T) {
	t.Chdir(t.TempDir())
	if status, out, errOut := contend(t, "stress", "--filter", "/impl:sync", "--for", "200ms"); status != fine {
		t.Errorf("got status %d, want 0\n%s%s", status, out, errOut)
	}
	want := "FAILED"
	if implstest.UnderRace() {
		want = "CRASHED" // the race detector ends the process first
	}
	// Only under this load: under a load with a map, the runtime may end the process
	// first.
	status, out, _ := contend(t, "stress", "--filter", "/impl:liar /work:counter", "--for", "2s")
	if status != failed || !strings.Contains(out, want) {
		t.Errorf("got status %d, want %d and %s in\n%s", status, failed, want, out)
	}
}

func TestDuetOfTwoBinaries(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	status, out, errOut := contend(t, "duet", self, self, "--filter", "/work:counter /impl:sync /goroutines:2",
		"--rounds", "8", "--out", filepath.Join(t.TempDir(), "duet"), "--markdown")
	if status != fine || !strings.Contains(out, "| base → head |") {
		t.Errorf("got status %d, want 0 and a table in\n%s%s", status, out, errOut)
	}
}

// Results from before an implementation was renamed get its present name.
func TestOldNamesAreRead(t *testing.T) {
	mcs := func() sync.Locker { return new(locks.MCS) }
	renamed := impls.Formerly("old-mcs", impls.New("new-mcs", impls.Atomic, "here", mcs))
	file := filepath.Join(t.TempDir(), "bench.txt")
	line := "Unit ns/op rounds=lines\nBenchmarkMutex/work=counter/impl=old-mcs/goroutines=8-2 1000 35.1 ns/op\n"
	if err := os.WriteFile(file, []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
	a := &app{suites: []harness.Suite{mutex.Suite(renamed)}, err: io.Discard}
	run, err := a.open(file)
	if err != nil || run.Trials[0].Impl != "new-mcs" {
		t.Errorf("got %v and error %v, want a trial of new-mcs", run, err)
	}
}
