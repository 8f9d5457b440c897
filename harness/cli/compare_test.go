package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/contendbench/contend/results"
)

// testFiles are small files of go test, with what is right for each in package results.
const testFiles = "../../results/testdata/files"

func TestCompareReadsFilesOfGoTest(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		says   []string // in either output
	}{
		{"28/old.txt 28/new.txt", fine, []string{
			"28/new.txt:14: BenchmarkB: panic: runtime error", "28/new.txt:20: FAIL example.com/x",
			"gone: only in the old", "1 only in the old: B-8", "2 failures in the files",
		}},
		{"30/old.txt 30/new.txt", fine, []string{"different, worse", "2 worse"}},
		{"29/old.txt 29/new.txt", fine, []string{"different, better"}},
		{"29/old.txt 29/new.txt --unit mgas/s", fine, []string{"different, better"}},
		{"37/old5.txt 37/new5.txt", fine, []string{
			"inconclusive: 5 values; at least 8", "benchstat would say -31.48%", "0.685",
		}},
		{"37/old5.txt 37/new5.txt --unit sec/op", fine, []string{"ns/op"}},
		{"37/old5.txt 37/new5.txt --unit sec/opp", wrong, []string{"--unit sec/opp", "ns/op"}},
		{"37/ex_old.txt 37/ex_new.txt", fine, []string{"different: exact values", "1.050"}},
		{"40/old.txt 40/new2x.txt", fine, []string{"all 12 rows moved by about one factor, 2.00 in ns/op"}},
		{"31/blocks.txt", fine, []string{"drift of the machine cannot be told from a change"}},
		{"31/alternating.txt", fine, []string{"equivalent"}},
		{"33/log.txt", wrong, []string{"BenchmarkA-8: skipped", "BenchmarkC-8: skipped", ".name"}},
		{"35/names.txt", wrong, []string{"--col KEY", "/side"}},
		{"35/names.txt --col /side", fine, []string{"buy", "sell"}},
		{"36/cpu.txt --col cpu", fine, []string{"A", "B", "1.506"}},
		{"36/cpu.txt 30/old.txt --col cpu", wrong, []string{"--col cpu: it is for one file"}},
	} {
		var args []string
		for arg := range strings.FieldsSeq(c.args) {
			if strings.HasSuffix(arg, ".txt") {
				arg = filepath.Join(testFiles, arg)
			}
			args = append(args, arg)
		}
		status, out, errOut := contend(t, append([]string{"compare"}, args...)...)
		if status != c.status {
			t.Errorf("%s: got status %d, want %d\n%s%s", c.args, status, c.status, out, errOut)
		}
		for _, text := range c.says {
			if !strings.Contains(out+errOut, text) {
				t.Errorf("%s: got\n%s%s\nwant %q in it", c.args, out, errOut, text)
			}
		}
	}
}

func TestARowWithoutARatioHasNullInJSON(t *testing.T) {
	status, out, errOut := contend(t, "compare", "--json",
		filepath.Join(testFiles, "30/old.txt"), filepath.Join(testFiles, "30/new.txt"))
	var rows []map[string]any
	if err := json.Unmarshal([]byte(out), &rows); status != fine || err != nil || len(rows) != 3 {
		t.Fatalf("got status %d, error %v and\n%s%s\nwant 3 rows", status, err, out, errOut)
	}
	bytes := rows[1]
	if bytes["ratio"] != nil || bytes["old_median"] != 0.0 || bytes["new_median"] != 48.0 || bytes["worse"] != true {
		t.Errorf("got %v, want medians 0 and 48, no ratio, and worse", bytes)
	}
}

func TestCompareReadsAFinishedDuet(t *testing.T) {
	slower := func(t *results.Trial) {
		if t.Side == "head" && t.Impl == "sync" {
			t.Values["ns/op"] *= 2
		}
	}
	run := journaled(t, slower)
	for _, path := range []string{run.Path, filepath.Join(run.Path, "bench.txt")} {
		status, out, errOut := contend(t, "compare", path)
		worse := strings.Contains(out, "1 different (1 worse")
		if status != fine || !worse || strings.Count(out, "base  head") != 2 {
			t.Errorf("%s: got status %d and\n%s%s\nwant two rows of base and head, one worse", path, status, out, errOut)
		}
	}
	same := journaled(t, func(*results.Trial) {})
	status, out, errOut := contend(t, "compare", same.Path, run.Path)
	if status != fine || strings.Count(out, "old base  new base") != 2 || strings.Count(out, "old head  new head") != 2 ||
		!strings.Contains(out, "1 different (1 worse") {
		t.Errorf("two duets: got status %d and\n%s%s\nwant each side with itself, and one row worse", status, out, errOut)
	}
}

// The second name of a baseline says nothing of a change between two runs.
func TestTwoRunsHaveNoFloor(t *testing.T) {
	again := func(t *results.Trial) {
		t.Side = ""
		if t.Impl == "mcs" {
			t.Impl = "sync.again"
		}
	}
	old, new := journaled(t, again), journaled(t, again)
	status, out, errOut := contend(t, "compare", old.Path, new.Path)
	if status != fine || strings.Contains(out, ".again") || strings.Contains(out, "0.0 %") {
		t.Errorf("got status %d and\n%s%s\nwant no row of a second name and no floor", status, out, errOut)
	}
}

// What is made of a file is written beside it, or where --out says.
func TestReportsAndChartsOfAFile(t *testing.T) {
	dir := t.TempDir()
	text, err := os.ReadFile(filepath.Join(testFiles, "36/cpu.txt"))
	if err != nil {
		t.Fatal(err)
	}
	file, zeros := filepath.Join(dir, "cpu.txt"), filepath.Join(dir, "zeros.txt")
	for name, content := range map[string]string{file: string(text), zeros: "BenchmarkA-8 1 0 B/op\n"} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args   []string
		status int
		makes  string
		says   string
	}{
		{[]string{"report", file}, fine, "cpu.report.html", "cpu.report.html"},
		{[]string{"report", file, "--out", filepath.Join(dir, "own.html")}, fine, "own.html", "own.html"},
		{[]string{"plot", file}, fine, "cpu.plots/X--ns-op.svg", "cpu.plots"},
		{[]string{"plot", file, "--out", filepath.Join(dir, "charts")}, fine, "charts/X--ns-op.png", "charts"},
		{[]string{"plot", zeros}, fine, "zeros.plots/A--B-op.svg", "zeros.plots"}, // with a mark at 0
		{[]string{"report", file, "--out", filepath.Join(dir, "none", "x.html")}, wrong, "cpu.txt", "none"},
	} {
		status, out, errOut := contend(t, c.args...)
		if status != c.status || !strings.Contains(out+errOut, c.says) {
			t.Errorf("%v: got status %d and %q, want %d and %q", c.args, status, out+errOut, c.status, c.says)
		}
		if _, err := os.Stat(filepath.Join(dir, c.makes)); err != nil {
			t.Errorf("%v: got error %v, want %s", c.args, err, c.makes)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.tmp")); err != nil || len(left) > 0 {
		t.Errorf("got temporary files %q and error %v, want none", left, err)
	}
}
