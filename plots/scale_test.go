package plots_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// foreignRun is a results file of n benchmarks.
func foreignRun(t *testing.T, n int) *results.Run {
	t.Helper()
	var text bytes.Buffer
	for round := range 8 {
		for i := range n {
			fmt.Fprintf(&text, "BenchmarkRow%d/size=%d-8 100 %d ns/op\n", i/2, i, 100+i+round)
		}
	}
	path := filepath.Join(t.TempDir(), "bench.txt")
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	run, err := results.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// A report of many rows takes memory in proportion to them. The number of its charts is
// bounded, so they do not count here.
func TestMemoryOfAReportIsLinear(t *testing.T) {
	points := func(n int) *results.Run {
		c := recipe{seed: 3, impls: 3, rounds: 8}
		for i := range n / 3 {
			c.goroutines = append(c.goroutines, i+1)
		}
		return c.run(t)
	}
	for name, make := range map[string]func(n int) *results.Run{
		"a run": points, "a file": func(n int) *results.Run { return foreignRun(t, n) },
	} {
		var used []float64
		for _, n := range []int{300, 900, 2700} {
			run := make(n)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if err := plots.Report(run, &bytes.Buffer{}, plots.ReportOptions{}); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			used = append(used, float64(after.TotalAlloc-before.TotalAlloc))
		}
		if first, next := used[1]-used[0], used[2]-used[1]; next > 5*first {
			t.Errorf("%s: got %.0f bytes for 600 more rows and %.0f for 1800 more, want at most five times as many",
				name, first, next)
		}
	}
}
