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

var update = flag.Bool("update", false, "rewrite the golden files")

func TestNamesRoundTrip(t *testing.T) {
	word := rapid.StringMatching(`[a-z][a-z0-9.]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		c := Cell{
			Contract: word.Draw(t, "contract"), Work: word.Draw(t, "work"), Impl: word.Draw(t, "impl"),
			Procs: rapid.IntRange(1, 128).Draw(t, "procs"),
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "params") {
			c.Params = append(c.Params, Param{fmt.Sprintf("p%d", i), word.Draw(t, "value")})
		}
		back, err := ParseName("Benchmark" + c.Name())
		if err != nil || back.Name() != c.Name() {
			t.Fatalf("got %s and error %v, want %s", back.Name(), err, c.Name())
		}
	})
}

// journal writes a run of three cells and n rounds, and returns its folder.
func journal(t testing.TB, n int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	machine := Machine{GOOS: "linux", GOARCH: "amd64", CPU: "x", Cores: 2, Kernel: "6", Go: "go1.26"}
	j, err := Create(dir, Info{Preset: "quick", Machine: machine})
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
		t.Fatalf("got %+v and error %v, want 9 trials of a quick run and no problem", run, err)
	}
	if _, err := Create(dir, Info{}); err == nil || !strings.Contains(err.Error(), trialsFile) {
		t.Errorf("a second run in the same folder: got error %v, want one that names %s", err, trialsFile)
	}
}

// A kill may cut the last line anywhere. Only the trial of that line is lost.
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
			t.Fatalf("cut at %d: got %d trials, problems %v and error %v, want 5 trials",
				cut, len(run.Trials), run.Problems, err)
		}
		if err := j.Append(trials("mcs", 7, 7, 7)[2]); err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		if run, err = Open(dir); err != nil || len(run.Trials) != 6 || len(run.Problems) != 0 {
			t.Fatalf("cut at %d and resumed: got %d trials, problems %v and error %v, want 6 trials",
				cut, len(run.Trials), run.Problems, err)
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
	lines[3] = strings.Repeat("x", maxLine+10) + "\n"
	if err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
	run, err := Open(dir)
	if err != nil || len(run.Trials) != 3 || len(run.Problems) != 3 {
		t.Fatalf("got %d trials, problems %v and error %v, want 3 trials and 3 problems",
			len(run.Trials), run.Problems, err)
	}
	for i, p := range run.Problems {
		if p.Line != i+2 || p.File != path {
			t.Errorf("problem %d (%s): got %s:%d, want %s:%d", i, p.Text, p.File, p.Line, path, i+2)
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
			t.Errorf("Open(%s): got error %v, want one that names the path", path, err)
		}
	}
	if _, err := Create(filepath.Join(file, "run"), Info{}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("Create below a file: got error %v, want one that names %s", err, file)
	}
}

// On a full disk, the error says what could not be written.
func TestAFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full:", err)
	}
	j := &Journal{dir: t.TempDir(), trials: full}
	if err := j.Append(trials("mcs", 7)[0]); err == nil || !strings.Contains(err.Error(), "journal") {
		t.Errorf("got error %v, want one that names the journal", err)
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
		t.Errorf("got\n%s\nwant what %s holds; -update rewrites it", text, golden)
	}
	if bytes.Contains(text, []byte("impl=bad")) {
		t.Error("got a line of a row with a failed trial, want none")
	}
	for args, want := range map[string]string{
		"benchstat -col /impl " + path:   "vs base",
		"benchfilter /impl:mcs " + path:  "impl=mcs",
		"benchfilter /impl:sync " + path: "impl=sync",
	} {
		out, err := exec.Command("go", append([]string{"tool"}, strings.Fields(args)...)...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("go tool %s: got error %v and\n%s\nwant %q in it", args, err, out, want)
		}
	}
	back, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Trials) != 16 || back.Trials[1].Round != 2 || back.Trials[0].Values["ns/op"] != 100 {
		t.Errorf("read back: got trials %+v, want 16, the first with 100 ns/op and the second of round 2", back.Trials)
	}
	if got := back.Info.Machine.Cores; got != 2 {
		t.Errorf("cores read back: got %d, want 2", got)
	}
}

func TestTheNameHoldsTheSideOfADuet(t *testing.T) {
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
		t.Errorf("lines of the base: got %d, want 2, in\n%s", n, b.String())
	}
	back := &Run{}
	if err := back.readBench(&b, "bench.txt", false); err != nil {
		t.Fatal(err)
	}
	if n := len(DuetOf(back, Options{})); n != 1 {
		t.Errorf("rows of the duet read back: got %d, want 1", n)
	}
}

func TestALargeRunStaysSmallInMemory(t *testing.T) {
	dir := journal(t, 3400)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	run, err := Open(dir)
	if err != nil || len(run.Trials) < 10_000 {
		t.Fatalf("got error %v, want at least 10,000 trials", err)
	}
	runtime.ReadMemStats(&after)
	if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 200 {
		t.Errorf("allocated to open %d trials: got %d MB, want at most 200", len(run.Trials), grown)
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
	const line = `{"contract":"mutex","work":"w","impl":"a","procs":2,"round":1,"status":"ok","values":{"ns/op":1}}`
	f.Add([]byte(line + "\n"))
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
	f.Add([]byte("Unit x assume=exact\npkg: a\nBenchmarkX/impl=a 1 0 x\npkg: b\n" +
		"BenchmarkX/impl=b-8 1 2 x 3 sec/op 4 ns/op\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		run := &Run{}
		if err := run.readBench(bytes.NewReader(text), "fuzz", false); err == nil {
			packed, _ := Across(run, run, Options{})
			run.Unpack()
			if unpacked, _ := Across(run, run, Options{}); fmt.Sprintf("%+v", packed) != fmt.Sprintf("%+v", unpacked) {
				t.Fatalf("%q: got\n%+v\npacked, want\n%+v", text, packed, unpacked)
			}
			digest(t, run)
		}
	})
}

// digest computes everything that a report needs from a run.
func digest(t *testing.T, run *Run) {
	var b bytes.Buffer
	if err := run.WriteBench(&b); err != nil {
		t.Fatal(err)
	}
	run.Rename([]Alias{{Contract: "mutex", Old: "a", New: "b"}})
	rows := WithinRun(run, Options{})
	for _, key := range append(run.keys(), "") {
		if rivals, err := Rivals(run, key, Options{}); err == nil {
			rows = append(rows, rivals...)
		}
	}
	same, err := Across(run, run, Options{})
	if err != nil {
		t.Fatalf("a run and itself: got error %v, want none", err)
	}
	for _, c := range same {
		if c.Outcome == Different || c.Outcome == Gone || c.Outcome == New {
			t.Errorf("%s in %s, a run and itself: got %s, want no difference", c.Name, c.Unit, c.Outcome)
		}
	}
	_ = Count(append(rows, same...)).String()
	Verdicts(run, Options{})
	Certificates(run, Options{})
	for _, r := range run.Rows() {
		if _, err := r.Histogram(); err == nil {
			SplitRegimes(r.Values("ns/op"))
		}
	}
}

// A benchmark's name holds only the last element of its contract's folder. The rest comes
// from run.json, if there is one.
func TestFolderOfABenchmark(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"run.json": `{"works": [{"contract": "lockfree/queue", "name": "pairs"}]}`,
		"bench.txt": "BenchmarkQueue/work=pairs/impl=ring-2 100 35.1 ns/op\n" +
			"BenchmarkMutex/work=counter/impl=sync-2 100 3.1 ns/op\n",
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
		t.Errorf("got %+v, want trials of lockfree/queue and of mutex", run.Trials)
	}
}
