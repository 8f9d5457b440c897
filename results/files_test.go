package results

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestNamesRoundTrip(t *testing.T) {
	word := rapid.StringMatching(`[a-z][a-z0-9.]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		c := Cell{Contract: word.Draw(t, "contract"), Work: word.Draw(t, "work"), Impl: word.Draw(t, "impl"), Procs: rapid.IntRange(1, 128).Draw(t, "procs")}
		for i := range rapid.IntRange(0, 4).Draw(t, "params") {
			c.Params = append(c.Params, Param{fmt.Sprintf("p%d", i), word.Draw(t, "value")})
		}
		back, err := ParseName("Benchmark" + c.Name())
		if err != nil || back.Name() != c.Name() {
			t.Fatalf("%s became %s: %v", c.Name(), back.Name(), err)
		}
	})
}

// journal writes a run of three cells and n rounds, and returns its folder.
func journal(t testing.TB, n int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	info := Info{Preset: "quick", Machine: Machine{GOOS: "linux", GOARCH: "amd64", CPU: "x", Cores: 2, Kernel: "6", Go: "go1.26"}}
	j, err := Create(dir, info)
	if err != nil {
		t.Fatal(err)
	}
	for round := range n {
		for i, impl := range []string{"sync", "mcs", "bad"} {
			trial := trials(impl, float64(100*(i+1)+round))[0]
			trial.Round, trial.Start = round+1, time.Unix(int64(round), 0)
			if impl == "bad" && round == 0 {
				trial.Status, trial.Values, trial.Reason = Failed, nil, "torn"
			}
			if err := j.Append(trial); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestJournalGivesBackWhatWasAppended(t *testing.T) {
	dir := journal(t, 3)
	run, err := Open(dir)
	if err != nil || len(run.Trials) != 9 || len(run.Problems) != 0 || run.Info.Preset != "quick" {
		t.Fatalf("%+v, %v", run, err)
	}
	if _, err := Create(dir, Info{}); err == nil || !strings.Contains(err.Error(), trialsFile) {
		t.Errorf("a second run in the same folder: %v", err)
	}
}

// A kill may cut the last line anywhere: then its trial is lost, and no other.
func TestAKillLosesTheTrialInFlightOnly(t *testing.T) {
	dir := journal(t, 2)
	path := filepath.Join(dir, trialsFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
	for cut := last; cut < len(text); cut++ {
		if err := os.WriteFile(path, text[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		j, run, err := Resume(dir)
		if err != nil || len(run.Trials) != 5 || len(run.Problems) != 0 {
			t.Fatalf("cut at %d: %d trials, problems %v, %v", cut, len(run.Trials), run.Problems, err)
		}
		if err := j.Append(trials("mcs", 7)[0]); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if run, err = Open(dir); err != nil || len(run.Trials) != 6 || len(run.Problems) != 0 {
			t.Fatalf("cut at %d, resumed: %d trials, problems %v, %v", cut, len(run.Trials), run.Problems, err)
		}
	}
}

func TestDamageIsNamedAndSkipped(t *testing.T) {
	dir := journal(t, 2)
	path := filepath.Join(dir, trialsFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	lines[1] = "{\"contract\":\n"
	lines[2] = strings.Replace(lines[2], "\"round\":1", "\"round\":-1", 1)
	lines[3] = strings.Repeat("x", longestLine+10) + "\n"
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	run, err := Open(dir)
	if err != nil || len(run.Trials) != 3 || len(run.Problems) != 3 {
		t.Fatalf("%d trials, problems %v, %v", len(run.Trials), run.Problems, err)
	}
	for i, p := range run.Problems {
		if p.Line != i+2 || p.File != path {
			t.Errorf("problem %d is at %s:%d: %s", i, p.File, p.Line, p.Text)
		}
	}
}

func TestErrorsNameThePath(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("hello\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "none"), dir, file} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("Open(%s): %v", path, err)
		}
	}
	if _, err := Create(filepath.Join(file, "run"), Info{}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("Create below a file: %v", err)
	}
}

// A full disk is an error that says what could not be written, and the trials before it are kept.
func TestAFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full:", err)
	}
	j := &Journal{dir: t.TempDir(), trials: full}
	if err := j.Append(trials("mcs", 7)[0]); err == nil || !strings.Contains(err.Error(), "journal") {
		t.Errorf("%v", err)
	}
}

func TestBenchFileIsWhatBenchstatReads(t *testing.T) {
	dir := journal(t, 8)
	path := filepath.Join(dir, benchFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/bench.golden"
	if *update {
		if err := os.WriteFile(golden, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("bench.txt differs from %s; -update writes it anew\n%s", golden, text)
	}
	if bytes.Contains(text, []byte("impl=bad")) {
		t.Error("a row with a trial that failed has a line")
	}
	for args, says := range map[string]string{
		"benchstat -col /impl " + path:   "vs base",
		"benchfilter /impl:mcs " + path:  "impl=mcs",
		"benchfilter /impl:sync " + path: "impl=sync",
	} {
		out, err := exec.Command("go", append([]string{"tool"}, strings.Fields(args)...)...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), says) {
			t.Errorf("go tool %s: %v\n%s", args, err, out)
		}
	}
	back, err := Open(path)
	if err != nil || len(back.Trials) != 16 || back.Trials[1].Round != 2 || back.Trials[0].Values["ns/op"] != 100 || back.Info.Machine.Cores != 2 {
		t.Errorf("read back: %+v, %v", back, err)
	}
}

func TestSidesOfADuetStandInTheName(t *testing.T) {
	run := &Run{}
	for _, side := range []string{"base", "head"} {
		for _, trial := range trials("sync", 100, 101) {
			trial.Side = side
			run.Trials = append(run.Trials, trial)
		}
	}
	var b bytes.Buffer
	if err := run.WriteBench(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "/side=base/"); n != 2 {
		t.Errorf("%d lines of the base in\n%s", n, b.String())
	}
	back := &Run{}
	if err := back.readBench(&b, "bench.txt"); err != nil || len(DuetOf(back, Options{})) != 1 {
		t.Errorf("read back: %v, %+v", err, back.Trials)
	}
}

func TestALargeRunStaysSmallInMemory(t *testing.T) {
	dir := journal(t, 3400)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	run, err := Open(dir)
	if err != nil || len(run.Trials) < 10_000 {
		t.Fatalf("%v", err)
	}
	runtime.ReadMemStats(&after)
	if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 200 {
		t.Errorf("opening %d trials took %d MB", len(run.Trials), grown)
	}
	runtime.KeepAlive(run)
}

func FuzzParseName(f *testing.F) {
	f.Add("BenchmarkMutex/work=counter/impl=mcs/goroutines=8-2")
	f.Add("/=/-0")
	f.Fuzz(func(t *testing.T, name string) {
		if c, err := ParseName(name); err == nil {
			_ = c.Name() + c.Point()
		}
	})
}

func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"contract":"mutex","work":"w","impl":"a","procs":2,"round":1,"status":"ok","values":{"ns/op":1}}` + "\n"))
	f.Add([]byte("{}\n\n{\"round\":"))
	f.Fuzz(func(t *testing.T, text []byte) {
		run := &Run{}
		if err := run.readTrials(bytes.NewReader(text), "fuzz"); err != nil {
			t.Fatal(err)
		}
		digest(t, run)
	})
}

func FuzzBench(f *testing.F) {
	f.Add([]byte("goos: linux\nBenchmarkMutex/work=w/impl=a-2 1 5 ns/op\nBenchmarkX 0 NaN ns/op\n"))
	f.Add([]byte("Unit ns/op better=lower\nBenchmark 1 2 3"))
	f.Fuzz(func(t *testing.T, text []byte) {
		run := &Run{}
		if err := run.readBench(bytes.NewReader(text), "fuzz"); err == nil {
			digest(t, run)
		}
	})
}

// digest does with a run what a report does.
func digest(t *testing.T, run *Run) {
	var b bytes.Buffer
	if err := run.WriteBench(&b); err != nil {
		t.Fatal(err)
	}
	WithinRun(run, Options{})
	Verdicts(run, Options{})
	Certificates(run, Options{})
	for _, r := range run.Rows() {
		if _, err := r.Histogram(); err == nil {
			SplitRegimes(r.Values("ns/op"))
		}
	}
}

// A benchmark's name holds the last element of its contract's folder; run.json, where it is kept, tells the rest.
func TestFolderOfABenchmark(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"run.json":  `{"works": [{"contract": "lockfree/queue", "name": "pairs"}]}`,
		"bench.txt": "BenchmarkQueue/work=pairs/impl=ring-2 100 35.1 ns/op\nBenchmarkMutex/work=counter/impl=sync-2 100 3.1 ns/op\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(run.Trials) != 2 || run.Trials[0].Contract != "lockfree/queue" || run.Trials[1].Contract != "mutex" {
		t.Errorf("%+v", run.Trials)
	}
}
