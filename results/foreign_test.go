package results

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// file reads one of the small files of testdata/files, which go test would have written.
func file(t *testing.T, name string) *Run {
	t.Helper()
	run, err := Open(filepath.Join("testdata/files", name))
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// written reads a file of the given text.
func written(t *testing.T, text string) *Run {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bench.txt")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	run, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// expected is what a comparison must say of a row.
type expected struct {
	name, unit string
	outcome    Outcome
	ratio      float64 // 0: none
	worse      bool
	better     bool
}

func checkRows(t *testing.T, rows []Comparison, want []expected) {
	t.Helper()
	if len(rows) != len(want) {
		t.Errorf("got %d rows, want %d:\n%+v", len(rows), len(want), rows)
		return
	}
	for i, w := range want {
		r := rows[i]
		if r.Name != w.name || r.Unit != w.unit || r.Outcome != w.outcome {
			t.Errorf("row %d: got %q in %q %s (%s), want %q in %q %s",
				i, r.Name, r.Unit, r.Outcome, r.Reason, w.name, w.unit, w.outcome)
		}
		if r.Regression() != w.worse || r.Improvement() != w.better {
			t.Errorf("%s: got worse %v and better %v, want %v and %v",
				r.Name, r.Regression(), r.Improvement(), w.worse, w.better)
		}
		if r.HasRatio() != (w.ratio > 0) || w.ratio > 0 && math.Abs(r.Ratio/w.ratio-1) > 0.03 {
			t.Errorf("%s: got ratio %v (shown: %v), want %v", r.Name, r.Ratio, r.HasRatio(), w.ratio)
		}
	}
}

func TestTwoFilesOfGoTest(t *testing.T) {
	for _, c := range []struct {
		old, new string
		want     []expected
	}{
		{"27/old_ab.txt", "27/new_b2x.txt", []expected{
			{name: "Encode-8 (pkg: example.com/a)", unit: "ns/op", outcome: Equivalent, ratio: 1},
			{name: "Encode-8 (pkg: example.com/b)", unit: "ns/op", outcome: Different, ratio: 2, worse: true},
		}},
		{"28/old.txt", "28/new.txt", []expected{
			{name: "A-8", unit: "ns/op", outcome: Equivalent, ratio: 1},
			{name: "B-8", outcome: Gone},
		}},
		{"28/new.txt", "28/old.txt", []expected{
			{name: "A-8", unit: "ns/op", outcome: Equivalent, ratio: 1},
			{name: "B-8", outcome: New},
		}},
		{"29/old.txt", "29/new.txt", []expected{
			{name: "Swap-8", unit: "mgas/s", outcome: Different, ratio: 1.3, better: true},
		}},
		{"30/old.txt", "30/new.txt", []expected{
			{name: "Parse-8", unit: "ns/op", outcome: Equivalent, ratio: 1},
			{name: "Parse-8", unit: "B/op", outcome: Different, worse: true},
			{name: "Parse-8", unit: "allocs/op", outcome: Different, worse: true},
		}},
		{"30/old1.txt", "30/old.txt", []expected{
			{name: "Parse-8", unit: "ns/op", outcome: Equivalent, ratio: 1},
			{name: "Parse-8", unit: "B/op", outcome: Different, better: true},
			{name: "Parse-8", unit: "allocs/op", outcome: Different, better: true},
		}},
		{"30/old.txt", "30/old.txt", []expected{
			{name: "Parse-8", unit: "ns/op", outcome: Equivalent, ratio: 1},
			{name: "Parse-8", unit: "B/op", outcome: Equivalent},
			{name: "Parse-8", unit: "allocs/op", outcome: Equivalent},
		}},
		{"37/old5.txt", "37/new5.txt", []expected{
			{name: "FloatSub/100-4", unit: "ns/op", outcome: Inconclusive, ratio: 0.685},
		}},
		{"37/ex_old.txt", "37/ex_new.txt", []expected{
			{name: "Size", unit: "text-bytes", outcome: Different, ratio: 1.05},
		}},
		{"37/ex_old.txt", "37/ex_old.txt", []expected{
			{name: "Size", unit: "text-bytes", outcome: Equivalent, ratio: 1},
		}},
	} {
		t.Run(c.old+" "+c.new, func(t *testing.T) {
			rows, err := Across(file(t, c.old), file(t, c.new), Options{})
			if err != nil {
				t.Fatal(err)
			}
			checkRows(t, rows, c.want)
		})
	}
}

func TestRivalsInOneFile(t *testing.T) {
	for _, c := range []struct {
		file, key string
		paired    bool
		want      []expected
	}{
		{"29/duet_down.txt", "", true, []expected{
			{name: "Swap-8", unit: "ns/op", outcome: Equivalent, ratio: 1},
			{name: "Swap-8", unit: "mgas/s", outcome: Different, ratio: 0.77, worse: true},
		}},
		{"31/alternating.txt", "", true, []expected{{name: "Lock-8", unit: "ns/op", outcome: Equivalent, ratio: 1.009}}},
		{"31/blocks.txt", "", false, []expected{
			{name: "Lock-8", unit: "ns/op", outcome: Different, ratio: 1.096, worse: true},
		}},
		{"35/names.txt", "/side", false, []expected{
			{name: "Orders-8", unit: "ns/op", outcome: Different, ratio: 1.2, worse: true},
		}},
		{"36/cpu.txt", "cpu", false, []expected{
			{name: "X-8", unit: "ns/op", outcome: Different, ratio: 1.5, worse: true},
		}},
	} {
		t.Run(c.file, func(t *testing.T) {
			rows, err := Rivals(file(t, c.file), c.key, Options{})
			if err != nil {
				t.Fatal(err)
			}
			checkRows(t, rows, c.want)
			for _, r := range rows {
				if r.Paired != c.paired || slices.Contains(r.Warnings, Drift) == c.paired {
					t.Errorf("got paired %v with notes %q, want %v and a note on drift otherwise", r.Paired, r.Warnings, c.paired)
				}
			}
		})
	}
}

func TestRivalsNeedAKey(t *testing.T) {
	for _, c := range []struct{ file, key, want string }{
		{"35/names.txt", "", "/gomaxprocs, .name, /side"},
		{"36/cpu.txt", "", "--col KEY chooses a key; this file has cpu"},
		{"36/cpu.txt", "/size", `no two values of "/size"`},
		{"32/bom.txt", "", "no key has two values"},
	} {
		rows, err := Rivals(file(t, c.file), c.key, Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s by %q: got %d rows and error %v, want one with %q", c.file, c.key, len(rows), err, c.want)
		}
	}
}

func TestNamesStayAsTheyWereWritten(t *testing.T) {
	for name, want := range map[string][]string{
		"35/names.txt": {
			"ReadAll/size=1K,mode=fast-16", "ReadAll/Legacy-batch2", "Orders/side=buy-8", "Orders/side=sell-8",
			"X", "X-2", "X-4", "GetX-8", "Getx-8",
		},
		"36/cpu.txt":   {"X-8 (cpu: A)", "X-8 (cpu: B)"},
		"32/bom.txt":   {"A-8"},
		"32/utf16.txt": {"A-8"},
		"33/log.txt":   {"A-8", "B-8"},
		"34/j.json":    {"A-8"},
	} {
		run := file(t, name)
		var got []string
		for _, r := range Rows(run.Trials) {
			got = append(got, r.Name())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got rows %q, want %q", name, got, want)
		}
		if run.Own() {
			t.Errorf("%s: got a file of contend, want one of go test", name)
		}
	}
}

func TestEveryEncodingIsRead(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int
	}{{"32/bom.txt", 10}, {"32/utf16.txt", 10}, {"34/j.json", 1}, {"33/log.txt", 2}} {
		if run := file(t, c.name); len(run.Trials) != c.n {
			t.Errorf("%s: got %d results, want %d", c.name, len(run.Trials), c.n)
		}
	}
	wide := ""
	for _, r := range "BenchmarkA-8 1 5 ns/op\n" {
		wide += "\x00" + string(r)
	}
	if run := written(t, wide); len(run.Trials) != 1 || run.Trials[0].Values["ns/op"] != 5 {
		t.Errorf("UTF-16 without a mark: got %+v, want one result of 5 ns/op", run.Trials)
	}
	long := "# " + strings.Repeat("x", 100<<10) + "\nBenchmarkA-8 1 5 ns/op\n"
	if run := written(t, long); len(run.Trials) != 1 || len(run.Problems) != 1 {
		t.Errorf("after a long line: got %d results and problems %v, want 1 and 1", len(run.Trials), run.Problems)
	}
}

func TestWhatGoTestSaysOfFailuresIsNamed(t *testing.T) {
	for _, c := range []struct {
		text     string
		bench    string
		says     string
		failures int
	}{
		{"BenchmarkB-8   \tpanic: boom\n\ngoroutine 6 [running]:\n", "BenchmarkB-8", "panic: boom", 1},
		{"panic: boom\n\ngoroutine 6 [running]:\nexample.com/x.BenchmarkB(0xc0)\n", "BenchmarkB", "panic: boom", 1},
		{"BenchmarkB-8   \t--- FAIL: BenchmarkB-8\n    x_test.go:9: no\nFAIL\n", "BenchmarkB-8", "FAIL", 1},
		{"FAIL\texample.com/x [build failed]\n", "", "FAIL example.com/x [build failed]", 1},
		{"fatal error: all goroutines are asleep - deadlock!\n", "", "deadlock", 1},
		{"BenchmarkB-8 \t2026/01/02 slow\n", "BenchmarkB-8", "parsing iteration count", 0},
		{"slow insert BenchmarkB-8 100 12 ns/op\n", "BenchmarkB-8", "follows other output", 0},
		{"BenchmarkB-8   \t 100\n", "BenchmarkB-8", "missing measurements", 0},
	} {
		run := written(t, "BenchmarkA-8 100 11 ns/op\n"+c.text)
		failures := 0
		for _, p := range run.Problems {
			if p.Failure {
				failures++
			}
		}
		if len(run.Problems) != 1 || failures != c.failures {
			t.Errorf("%q: got problems %v, want one, of which %d failures", c.text, run.Problems, c.failures)
			continue
		}
		if p := run.Problems[0]; p.Bench != c.bench || !strings.Contains(p.Text, c.says) {
			t.Errorf("%q: got %q, want %q of %q", c.text, p, c.says, c.bench)
		}
	}
	run := file(t, "33/log.txt")
	var lost []string
	for _, p := range run.Problems {
		lost = append(lost, p.Bench)
	}
	if want := []string{"BenchmarkA-8", "BenchmarkC-8", ""}; !slices.Equal(lost, want) {
		t.Errorf("benchmarks that lost a result: got %q, want %q", lost, want)
	}
}

// Where nothing can be read, the error says why.
func TestProblemsAreShownWhereNothingIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bench.txt")
	if err := os.WriteFile(path, []byte("BenchmarkB-8 \tslow\npanic: boom\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Open(path)
	for _, want := range []string{"BenchmarkB-8", "parsing iteration count", "panic: boom", "no benchmark result"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
}

func TestAValueThatIsNoNumberCostsNoLine(t *testing.T) {
	run := file(t, "38/nan.txt")
	for i, want := range []float64{11, 12, 13, 14} {
		if got := run.Trials[i].Values["ns/op"]; got != want {
			t.Errorf("line %d: got %v ns/op, want %v", i, got, want)
		}
	}
	if len(run.Trials) != 4 || run.Trials[2].Values["x"] != 1e40 || len(run.Problems) != 2 {
		t.Errorf("got %d results, x %v and problems %v, want 4, 1e40 and 2",
			len(run.Trials), run.Trials[2].Values["x"], run.Problems)
	}
}

func TestFewValuesSayWhyAndWhatBenchstatSays(t *testing.T) {
	rows, err := Across(file(t, "37/old5.txt"), file(t, "37/new5.txt"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"5 values; at least 8", "benchstat would say -31.48% (p=0.008 n=5)"} {
		if !strings.Contains(rows[0].Reason, want) {
			t.Errorf("got reason %q, want %q in it", rows[0].Reason, want)
		}
	}
}

func TestAllRowsMovedByOneFactor(t *testing.T) {
	rows, err := Across(file(t, "40/old.txt"), file(t, "40/new2x.txt"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := CommonFactors(rows, Options{})
	all := len(got) == 1 && got[0].Unit == "ns/op" && got[0].Rows == 12 && !got[0].Paired
	if !all || math.Abs(got[0].Factor-2) > 0.02 {
		t.Errorf("got %+v, want 2 of 12 rows in ns/op, which are not paired", got)
	}
	if got := CommonFactors(rows[:3], Options{}); len(got) != 0 {
		t.Errorf("three rows: got %+v, want none", got)
	}
	rows[3].Ratio = 1.5
	if got := CommonFactors(rows, Options{}); len(got) != 0 {
		t.Errorf("with another row: got %+v, want none", got)
	}
}

func TestFailuresAreCounted(t *testing.T) {
	rows, err := Across(file(t, "28/old.txt"), file(t, "28/new.txt"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := Count(rows).String()
	for _, want := range []string{"1 equivalent", "1 only in the old: B-8"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	if !strings.Contains(rows[1].Reason, "panic: runtime error") {
		t.Errorf("got reason %q, want the panic in it", rows[1].Reason)
	}
}

func TestRowsWithoutARivalAreNamed(t *testing.T) {
	run := written(t, "BenchmarkA/impl=x-8 1 5 ns/op\nBenchmarkA/impl=y-8 1 6 ns/op\n"+
		"BenchmarkB/impl=x-8 1 5 ns/op\nBenchmarkC/impl=y-8 1 6 ns/op\nBenchmarkD-8 1 6 ns/op\n")
	rows, err := Rivals(run, "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, r.Name+" "+string(r.Outcome))
	}
	if want := []string{"A-8 inconclusive", "B-8 gone", "C-8 new"}; !slices.Equal(got, want) {
		t.Errorf("got rows %q, want %q", got, want)
	}
	if text := strings.Join(rows[0].Warnings, "; "); !strings.Contains(text, "no /impl: D-8") {
		t.Errorf("got notes %q, want one that D-8 has no /impl", text)
	}
	want := "1 only in one rival: B-8 ns/op (x); 1 only in one rival: C-8 ns/op (y)"
	if text := Count(rows).String(); !strings.Contains(text, want) {
		t.Errorf("got %q, want %q in it", text, want)
	}
}

// What a build prints may precede the events, and packages may take turns.
func TestEventsOfSeveralPackages(t *testing.T) {
	run := written(t, `# example.com/broken
x.go:1:1: undefined: y
{"Action":"output","Package":"a","Output":"pkg: a\n"}
{"Action":"output","Package":"b","Output":"pkg: b\n"}
{"Action":"output","Package":"a","Output":"BenchmarkX-8 \t"}
{"Action":"output","Package":"b","Output":"BenchmarkX-8 \t 1 7 ns/op\n"}
{"Action":"output","Package":"a","Output":" 1 5 ns/op\n"}
{"Action":"output","Package":"b","Output":"FAIL\tb\t1s\n"}
`)
	var got []string
	for _, r := range Rows(run.Trials) {
		got = append(got, fmt.Sprint(r.Name(), " ", r.Values("ns/op")))
	}
	if want := []string{"X-8 (pkg: a) [5]", "X-8 (pkg: b) [7]"}; !slices.Equal(got, want) {
		t.Errorf("got rows %q, want %q", got, want)
	}
	if len(run.Problems) != 1 || !run.Problems[0].Failure {
		t.Errorf("got problems %v, want the failure of b", run.Problems)
	}
}
