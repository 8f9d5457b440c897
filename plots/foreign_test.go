package plots_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// goTest reads a file as go test -bench writes it.
func goTest(t *testing.T, text string) *results.Run {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bench.txt")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	run, err := results.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// sizes is a benchmark of two functions over a number in the name.
func sizes(name string, n int) string {
	var b strings.Builder
	for _, size := range []int{15, 1000, 4000} {
		for _, poly := range []string{"IEEE", "Koopman"} {
			for i := range n {
				fmt.Fprintf(&b, name, poly, size)
				fmt.Fprintf(&b, " 100 %d ns/op %d B/op\n", size+i, 16*i)
			}
		}
	}
	return b.String()
}

func titles(charts []plots.Chart) (all []string) {
	for _, c := range charts {
		all = append(all, c.Title)
	}
	return all
}

func TestANumberInTheNameMakesACurve(t *testing.T) {
	for name, want := range map[string]string{
		"BenchmarkCRC/poly=%s/size=%d-8":   "CRC: ns/op over size",
		"BenchmarkCRC/%s/%d-8":             "CRC: ns/op over sub2",
		"BenchmarkCRC/poly=%s-%d":          "CRC: ns/op over procs",
		"BenchmarkCRC/poly=%s/size=%d/x=1": "CRC: ns/op over size",
	} {
		charts := plots.Charts(goTest(t, sizes(name, 7)))
		if got := titles(charts); !slices.Contains(got, want) {
			t.Errorf("%s: got charts %q, want %q among them", name, got, want)
		}
	}
}

func TestAReportOfGoTestSaysOnlyWhatTheFileKnows(t *testing.T) {
	page := func(run *results.Run) string {
		var b strings.Builder
		if err := plots.Report(run, &b, plots.ReportOptions{}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	text := page(goTest(t, sizes("BenchmarkCRC/poly=%s/size=%d-8", 7)))
	for _, want := range []string{"B/op", "ns/op", "CRC/poly=IEEE-8", "15 to 21"} {
		if !strings.Contains(text, want) {
			t.Errorf("got no %q, want it in the report", want)
		}
	}
	one := page(goTest(t, sizes("BenchmarkCRC/poly=%s/size=%d-8", 1)))
	for _, unknown := range []string{
		"What not to conclude", "one machine", "15 to 15", "turns of all workers",
		"passed", "To repeat", "State:",
	} {
		if strings.Contains(one, unknown) {
			t.Errorf("got %q, which the file does not know", unknown)
		}
	}
	if !strings.Contains(one, "Rows of fewer than 6 trials have no interval") {
		t.Error("got no note on single values, want one")
	}
	torn := page(goTest(t, "BenchmarkA-8 1 5 ns/op\nBenchmarkB-8 \tslow\n"))
	if !strings.Contains(torn, "BenchmarkB-8: skipped") {
		t.Error("got no line that names BenchmarkB-8, want one")
	}
}

// A unit without a direction is shown, and nothing is said of which values are better.
func TestAUnitWithoutADirectionIsShown(t *testing.T) {
	charts := plots.Charts(goTest(t, "BenchmarkA-8 1 5 widgets\nBenchmarkA/x-8 1 6 widgets\n"))
	if len(charts) != 1 || !strings.Contains(charts[0].Caption, "nothing says which direction is better") {
		t.Errorf("got %q, want one chart that names no direction", titles(charts))
	}
}
