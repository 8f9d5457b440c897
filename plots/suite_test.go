package plots_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// twoSuites is a run of two suites of cas, each with its own mutex. The one of the
// counters promises less than its baseline.
func twoSuites(t *testing.T) *results.Run {
	t.Helper()
	one := recipe{seed: 11, impls: 2, goroutines: []int{8}, rounds: 9}.run(t)
	run := &results.Run{Info: results.Info{
		Promises: []results.PromiseInfo{
			{Name: "exact", Meaning: "counts exactly"},
			{Name: "tagged", Meaning: "has tags"},
		},
		Impls: []results.ImplInfo{
			{Contract: "cas", Suite: "counter", Name: "add", Kind: "atomic", Promises: []string{"exact"}},
			{Contract: "cas", Suite: "counter", Name: "mutex", Kind: "lock"},
			{Contract: "cas", Suite: "cell", Name: "value", Kind: "atomic", Promises: []string{"tagged"}},
			{Contract: "cas", Suite: "cell", Name: "mutex", Kind: "lock", Promises: []string{"tagged"}},
		},
		Works: []results.WorkInfo{
			{Contract: "cas", Suite: "counter", Name: "count", Op: "addition", Baseline: "add"},
			{Contract: "cas", Suite: "cell", Name: "record", Op: "update", Baseline: "value"},
		},
	}}
	for _, w := range run.Info.Works {
		for _, tr := range one.Trials {
			base, again := tr.Unalias()
			names := map[string]string{"lock0": w.Baseline, "lock1": "mutex"}
			tr.Contract, tr.Work, tr.Impl = "cas", w.Name, names[base]
			if again {
				tr.Cell = tr.Alias()
			}
			run.Trials = append(run.Trials, tr)
		}
	}
	return run
}

func TestEachSuiteHasATableOfPromises(t *testing.T) {
	_, text, ok := strings.Cut(page(t, twoSuites(t)), "<h2>What they promise</h2>")
	if !ok {
		t.Fatal("got no promises, want two tables")
	}
	text, _, _ = strings.Cut(text, "</section>")
	counter, cell, ok := strings.Cut(text, "<h3>Cas, cell</h3>")
	if !ok || !strings.Contains(counter, "<h3>Cas, counter</h3>") {
		t.Fatalf("got\n%s\nwant a table for counter and one for cell", text)
	}
	for _, c := range []struct{ name, table, row string }{
		{"counter", counter, "<code>add</code></td><td>✓</td></tr>"},
		{"counter", counter, "<code>mutex</code></td><td></td></tr>"},
		{"cell", cell, "<code>value</code></td><td>✓</td></tr>"},
		{"cell", cell, "<code>mutex</code></td><td>✓</td></tr>"},
	} {
		if !strings.Contains(c.table, c.row) {
			t.Errorf("%s: got\n%s\nwant %s in it", c.name, c.table, c.row)
		}
	}
}

// A row is dotted if it lacks promises of its own workload's baseline, not of another
// suite's.
func TestPromisesAreComparedWithinTheSuite(t *testing.T) {
	run := twoSuites(t)
	for work, want := range map[string]bool{"count": true, "record": false} {
		chart, svg := chartOf(t, run, work+"-time")
		dotted := strings.Contains(chart.Caption, "Dotted") && strings.Contains(svg, "mutex, not exact")
		if dotted != want {
			t.Errorf("%s: got dotted = %v, want %v; the caption is %q", work, dotted, want, chart.Caption)
		}
	}
	for work, base := range map[string]string{"count": "add", "record": "value"} {
		if chart, _ := chartOf(t, run, work+"-ratio"); !strings.HasSuffix(chart.Title, "baseline, "+base) {
			t.Errorf("%s: got title %q, want baseline %s", work, chart.Title, base)
		}
	}
}

// queue is a run of producers and consumers on a machine with 4 cores. Turns of consumers
// count.
func queue(t *testing.T, crowd ...string) *results.Run {
	t.Helper()
	small := recipe{seed: 12, impls: 2, goroutines: []int{1, 2, 8}, rounds: 3}
	run := changed(t, small, func(tr *results.Trial) {
		n := tr.Params[0].Value
		tr.Params = []results.Param{{Key: "producers", Value: n}, {Key: "consumers", Value: "2"}}
		tr.Values["active"] = 2
	})
	run.Info.Machine.Cores = 4
	run.Info.Works[0].Curve, run.Info.Works[0].Crowd = "producers", crowd
	return run
}

func TestACrowdIsTheSumOfItsParameters(t *testing.T) {
	run := queue(t, "producers", "consumers")
	text := page(t, run)
	for producers, want := range map[int]bool{1: false, 2: false, 8: true} {
		row := `<th scope="row">` + shortName(0) + `</th><td>producers=` + strconv.Itoa(producers) + `</td>`
		_, row, ok := strings.Cut(text, row)
		row, _, _ = strings.Cut(row, "</tr>")
		if got := strings.Contains(row, "<small>oversubscribed</small>"); !ok || got != want {
			t.Errorf("%d producers and 2 consumers: got oversubscribed = %v, want %v", producers, got, want)
		}
		if strings.Contains(row, "made a turn") { // producers have no turns to count
			t.Errorf("%d producers: got a note on idle workers, want none", producers)
		}
	}
	chart, _ := chartOf(t, run, "scaling")
	if want := "From 8 producers on the cores are oversubscribed"; !strings.Contains(chart.Caption, want) {
		t.Errorf("got caption %q, want %q in it", chart.Caption, want)
	}
	run.Info.Machine.Cores = 2
	chart, _ = chartOf(t, run, "scaling")
	if want := "oversubscribed at every point"; !strings.Contains(chart.Caption, want) {
		t.Errorf("with 2 cores: got caption %q, want %q in it", chart.Caption, want)
	}
}

// Goroutines of roles that no parameter counts are among those that a trial had.
func TestEveryRoleOversubscribes(t *testing.T) {
	run := queue(t, "producers")
	for i := range run.Trials {
		producers, _ := run.Trials[i].Get("producers")
		n, _ := strconv.Atoi(producers)
		run.Trials[i].Workers = n + 3
	}
	chart, _ := chartOf(t, run, "scaling")
	if want := "From 2 producers on the cores"; !strings.Contains(chart.Caption, want) {
		t.Errorf("4 cores, 3 goroutines beside the producers: got caption %q, want %q in it", chart.Caption, want)
	}
}

// Runs of older versions do not say what counts goroutines. Nothing is guessed.
func TestWithoutACrowdThereIsNoNote(t *testing.T) {
	run := queue(t)
	text := page(t, run)
	for _, note := range []string{"oversubscribed</small>", "made a turn"} {
		if strings.Contains(text, note) {
			t.Errorf("got a page with %q, want none", note)
		}
	}
	for _, c := range plots.Charts(run) {
		if strings.Contains(c.Caption, "oversubscribed") {
			t.Errorf("%s: got caption %q, want no word on oversubscription", c.Name, c.Caption)
		}
	}
}
