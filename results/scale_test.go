package results

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
)

// scripts/scale makes larger files with these flags, and compares them.
var (
	scaleLines = flag.Int("lines", 4000, "lines of each file of the scale test")
	scaleEach  = flag.Int("each", 10, "lines of each benchmark in them")
	scaleKeep  = flag.String("keep", "", "folder to keep them in")
)

// A shape is a kind of file that grows with its number of lines.
type shape struct {
	each  int                                          // lines of a benchmark; 0: all
	line  func(w io.Writer, i int)                     // what precedes line i
	unit  func(i int) string                           // of the value of line i; nil: as go test has them
	alone func(w io.Writer, row string, new bool) bool // whether a file lacks a row, which it may say more of
}

// write writes a file of n lines, whose values are larger by a factor.
func (s shape) write(w io.Writer, n int, factor float64, new bool) {
	rng := rand.New(rand.NewPCG(1, math.Float64bits(factor)))
	each := s.each
	if each == 0 {
		each = n
	}
	io.WriteString(w, "goos: linux\ngoarch: amd64\npkg: example.com/scale\ncpu: a processor\n")
	rows := max(n/each, 1)
	for i := range n {
		row := "BenchmarkScale/size=" + strconv.Itoa(i%rows) + "/mode=fast-8" // its lines are apart
		if s.alone != nil && s.alone(w, row, new) {
			continue
		}
		if s.line != nil {
			s.line(w, i)
		}
		ns := factor * 100 * math.Exp(0.05*rng.NormFloat64())
		if s.unit != nil {
			fmt.Fprintf(w, "%s %d %.4g %s\n", row, 1000+i, ns, s.unit(i))
			continue
		}
		fmt.Fprintf(w, "%s \t %d\t%.4g ns/op\t%d B/op\t%d allocs/op\n", row, 1000+i, ns, 64+i/rows%3, 2)
	}
}

// files writes an old and a new file of n lines each.
func (s shape) files(t testing.TB, dir string, n int) (old, new string) {
	t.Helper()
	var paths [2]string
	for i, name := range []string{"old.txt", "new.txt"} {
		paths[i] = filepath.Join(dir, name)
		f, err := os.Create(paths[i])
		if err != nil {
			t.Fatal(err)
		}
		w := bufio.NewWriter(f)
		s.write(w, n, []float64{1, 1.5}[i], i == 1)
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return paths[0], paths[1]
}

// compareFiles compares two files as the command does.
func compareFiles(t testing.TB, old, new string) []Comparison {
	t.Helper()
	var runs [2]*Run
	for i, path := range []string{old, new} {
		var err error
		if runs[i], err = OpenPacked(path); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := Across(runs[0], runs[1], Options{})
	if err != nil {
		t.Fatal(err)
	}
	_ = Count(rows).String()
	CommonFactors(rows, Options{})
	return rows
}

func TestCompareOfManyLines(t *testing.T) {
	dir := *scaleKeep
	if dir == "" {
		dir = t.TempDir()
	}
	old, new := shape{each: *scaleEach}.files(t, dir, *scaleLines)
	rows := compareFiles(t, old, new)
	count := Count(rows)
	benchmarks := *scaleLines / *scaleEach
	if len(rows) != 3*benchmarks || count.Worse != benchmarks {
		t.Errorf("got %d rows, of which %s, want %d, of which %d are worse",
			len(rows), count, 3*benchmarks, benchmarks)
	}
}

// Four times as long a file takes four times the memory, whatever grows with it.
func TestMemoryOfAFileIsLinear(t *testing.T) {
	key := func(w io.Writer, i int) { fmt.Fprintf(w, "note: %d\n", i) }
	for name, s := range map[string]shape{
		"benchmarks of ten lines": {each: 10},
		"one benchmark":           {},
		"benchmarks of one line":  {each: 1},
		"units of one value":      {each: 1, unit: func(i int) string { return "unit" + strconv.Itoa(i) }},
		"units of one benchmark":  {unit: func(i int) string { return "unit" + strconv.Itoa(i) }},
		"described units": {each: 1, line: func(w io.Writer, i int) {
			fmt.Fprintf(w, "Unit unit%d better=lower\n", i)
		}},
		"keys of one line": {line: key},
		"failures": {each: 1, alone: func(w io.Writer, row string, new bool) bool {
			if new && len(row)%2 == 0 {
				fmt.Fprintf(w, "--- FAIL: %s\n", row)
			}
			return new && len(row)%2 == 0
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			old, new := map[int]string{}, map[int]string{}
			for _, n := range []int{1000, 4000} {
				part := filepath.Join(dir, strconv.Itoa(n))
				if err := os.Mkdir(part, 0o755); err != nil {
					t.Fatal(err)
				}
				old[n], new[n] = s.files(t, part, n)
			}
			grows(t, name, 1000, func(n int) { compareFiles(t, old[n], new[n]) })
		})
	}
}

// A packed line takes tens of bytes, where a trial takes hundreds.
func TestAPackedFileIsSmall(t *testing.T) {
	const n = 40_000
	old, _ := shape{each: 1000}.files(t, t.TempDir(), n)
	heap := func() float64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc)
	}
	before := heap()
	run, err := OpenPacked(old)
	if err != nil {
		t.Fatal(err)
	}
	if got := (heap() - before) / n; got > 160 {
		t.Errorf("got %.0f bytes a line of three values, want at most 160", got)
	}
	run.Unpack()
	if len(run.Trials) != n || run.Trials[n-1].Values["B/op"] < 64 {
		t.Errorf("got %d trials, the last one %+v, want %d with their values", len(run.Trials), run.Trials[n-1], n)
	}
}

// A packed run and its trials say the same of every row.
func TestPackedRunsCompareAsTheirTrialsDo(t *testing.T) {
	for _, pair := range [][2]string{
		{"27/old_ab.txt", "27/new_b2x.txt"},
		{"28/old.txt", "28/new.txt"},
		{"29/old.txt", "29/new.txt"},
		{"30/old1.txt", "30/old.txt"},
		{"36/cpu.txt", "36/cpu.txt"},
		{"37/ex_old.txt", "37/ex_new.txt"},
		{"../reference/bench.txt", "../reference/bench.txt"},
	} {
		var rows [2][]Comparison
		for i, open := range []func(string) (*Run, error){Open, OpenPacked} {
			var runs [2]*Run
			for k, name := range pair {
				var err error
				if runs[k], err = open(filepath.Join("testdata/files", name)); err != nil {
					t.Fatal(err)
				}
			}
			var err error
			if rows[i], err = Across(runs[0], runs[1], Options{}); err != nil {
				t.Fatal(err)
			}
		}
		if len(rows[0]) == 0 || fmt.Sprintf("%+v", rows[0]) != fmt.Sprintf("%+v", rows[1]) {
			t.Errorf("%s: got\n%+v\npacked, want\n%+v", pair, rows[1], rows[0])
		}
	}
}

// wide is a run of n implementations at one point.
func wide(n int) *Run {
	rng := rand.New(rand.NewPCG(4, 4))
	run := &Run{}
	for i := range n {
		for round := range 9 {
			ns := 100 * math.Exp(0.02*rng.NormFloat64())
			run.Trials = append(run.Trials, Trial{
				Cell: cell("row" + strconv.Itoa(i)), Round: round + 1, Status: Ok, Turns: 1000,
				Values: map[string]float64{"ns/op": ns, "jain": 0.9, "wait-max-ns": 1e7, "p99-ns": 1e5 + ns},
			})
		}
	}
	return run
}

// A verdict on many rows takes memory in proportion to them.
func TestMemoryOfAVerdictIsLinear(t *testing.T) {
	for name, judge := range map[string]func(*Run){
		"verdicts":     func(r *Run) { Verdicts(r, Options{}) },
		"within a run": func(r *Run) { WithinRun(r, Options{}) },
		"lines":        func(r *Run) { _ = r.WriteBench(io.Discard) },
	} {
		runs := map[int]*Run{100: wide(100), 400: wide(400)}
		grows(t, name, 100, func(n int) { judge(runs[n]) })
	}
}

// The median of the others is that of a list without the row's own figure.
func TestTheMedianOfTheOthers(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for n := 1; n < 12; n++ {
		values := make([]float64, n)
		for i := range values {
			values[i] = float64(rng.IntN(5))
		}
		sorted := slices.Clone(values)
		slices.Sort(sorted)
		for i := range values {
			rest := append(append([]float64(nil), values[:i]...), values[i+1:]...)
			if got, left := others(sorted, values[i], true); got != Median(rest) || left != n-1 {
				t.Errorf("%v without %v: got %v of %d, want %v of %d", values, values[i], got, left, Median(rest), n-1)
			}
		}
	}
}

// A journal keeps the texts that its trials repeat once.
func TestAJournalSharesItsTexts(t *testing.T) {
	var text bytes.Buffer
	for round := range 2 {
		fmt.Fprintf(&text, `{"contract":"mutex","work":"counter","impl":"sync","params":[{"key":"g","value":"8"}],`+
			`"procs":2,"round":%d,"status":"ok","values":{"ns/op":5}}`+"\n", round+1)
	}
	run := &Run{}
	if err := run.readTrials(&text, "x"); err != nil || len(run.Trials) != 2 {
		t.Fatalf("got %d trials and error %v, want 2", len(run.Trials), err)
	}
	a, b := run.Trials[0], run.Trials[1]
	if &a.Params[0] != &b.Params[0] || a.Params[0] != (Param{"g", "8"}) || b.Values["ns/op"] != 5 {
		t.Errorf("got %+v and %+v, want equal trials with one list of parameters", a, b)
	}
}
