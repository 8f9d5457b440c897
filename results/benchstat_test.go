package results

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/perf/benchunit"
)

// statRow is a row of a table of benchstat: two medians in a tidy unit.
type statRow struct {
	name, unit string
	old, new   float64
}

// benchstat returns the rows that benchstat compares.
func benchstat(t *testing.T, args ...string) []statRow {
	t.Helper()
	cmd := exec.Command("go", append([]string{"tool", "benchstat", "-format", "csv"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("running benchstat: %v", err)
	}
	var rows []statRow
	unit, pkg := "", ""
	r := csv.NewReader(strings.NewReader(string(out)))
	r.FieldsPerRecord = -1
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range records {
		if p, ok := strings.CutPrefix(f[0], "pkg: "); ok {
			pkg = " (pkg: " + p + ")"
		}
		if len(f) < 4 || f[0] == "geomean" {
			continue
		}
		if f[0] == "" && f[2] == "CI" {
			unit = f[1]
			continue
		}
		before, errOld := strconv.ParseFloat(f[1], 64)
		after, errNew := strconv.ParseFloat(f[3], 64)
		if errOld == nil && errNew == nil {
			rows = append(rows, statRow{f[0] + pkg, unit, before, after})
		}
	}
	return rows
}

// Contend compares the rows that benchstat compares, by the same medians.
func TestTheRowsAndMediansAreThoseOfBenchstat(t *testing.T) {
	dir := t.TempDir()
	var old, new strings.Builder
	for p, pkg := range []string{"example.com/crc", "example.com/Hash"} {
		for _, b := range []*strings.Builder{&old, &new} {
			fmt.Fprintf(b, "goos: linux\nUnit text-bytes assume=exact\npkg: %s\n", pkg)
		}
		for i := range 9 {
			for j, name := range []string{
				"CRC/poly=IEEE/size=15-8", "CRC/poly=IEEE/size=1K-8", "crc/poly=Koopman,slow/align=0-16", "Deep/a/b/c=d/impl=x",
			} {
				v := float64(10+37*j+100*p) + math.Mod(float64(i*i*7), 11)
				fmt.Fprintf(&old, "Benchmark%s %d %v ns/op %v MB/s %d B/op\n", name, 100*i, v, 1000/v, 48+j)
				fmt.Fprintf(&new, "Benchmark%s %d %v sec/op %v MB/s %d B/op\n", name, 100*i, (v+2)/1e9, 1000/v, 32+j)
			}
			fmt.Fprintf(&old, "BenchmarkOdd%d-8 1 %v ns/op %d text-bytes\n", p, 3+i%2, 100)
			fmt.Fprintf(&new, "BenchmarkOdd%d-8 1 %v ns/op %d text-bytes\n", 2*p, 3+i%3, 100+p)
		}
	}
	files := [2]string{filepath.Join(dir, "old.txt"), filepath.Join(dir, "new.txt")}
	var runs [2]*Run
	for i, text := range []string{old.String(), new.String()} {
		if err := os.WriteFile(files[i], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		run, err := Open(files[i])
		if err != nil || len(run.Problems) > 0 {
			t.Fatalf("got problems %v and error %v, want none", run.Problems, err)
		}
		runs[i] = run
	}
	rows, err := Across(runs[0], runs[1], Options{})
	if err != nil {
		t.Fatal(err)
	}
	sameRows(t, rows, benchstat(t, files[0], files[1]))
	rows, err = Rivals(runs[0], "/size", Options{})
	if err != nil {
		t.Fatal(err)
	}
	sameRows(t, rows, benchstat(t, "-col", "/size", files[0]))
}

func sameRows(t *testing.T, rows []Comparison, want []statRow) {
	t.Helper()
	type key struct{ name, unit string }
	got := map[key]Comparison{}
	for _, r := range rows {
		if !r.Alone() {
			_, tidy := benchunit.Tidy(1, r.Unit)
			got[key{r.Name, tidy}] = r
		}
	}
	if len(got) != len(want) || len(want) == 0 {
		t.Errorf("got %d compared rows, want the %d of benchstat", len(got), len(want))
	}
	for _, w := range want {
		r, ok := got[key{w.name, w.unit}]
		factor, _ := benchunit.Tidy(1, r.Unit)
		if !ok || !near(r.OldMedian*factor, w.old) || !near(r.NewMedian*factor, w.new) {
			t.Errorf("%s in %s: got medians %v and %v, want %v and %v", w.name, w.unit, r.OldMedian*factor,
				r.NewMedian*factor, w.old, w.new)
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Abs(b) }
