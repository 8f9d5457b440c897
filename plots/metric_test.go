package plots_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

var takeover = results.Metric{
	Unit: "takeover-ms", Better: results.Lower, About: "from the fault until another client acquired",
}

// faults is a run that ranks by the time to take over. The slower an implementation is,
// the sooner it takes over.
func faults(t *testing.T, ranks results.Metric) *results.Run {
	t.Helper()
	small := recipe{seed: 9, impls: 3, goroutines: []int{1, 2, 8}, rounds: 9}
	run := changed(t, small, func(tr *results.Trial) {
		for unit := range tr.Values {
			if unit != "ns/op" && unit != "ops/s" {
				delete(tr.Values, unit)
			}
		}
		tr.Values["takeover-ms"] = 1e4 / tr.Values["ns/op"]
	})
	w := &run.Info.Works[0]
	w.Ranks = ranks.Unit
	w.Metrics = []results.Metric{
		ranks, {Unit: "stale-rejected", Better: results.Lower, About: "calls with an old token"},
	}
	return run
}

var head = regexp.MustCompile(`<th class="n"(?: title="([^"]*)")?>([^<]*)</th>`)

// columnsOf returns the heads of the figures in a report's first table of rows, and their
// tooltips.
func columnsOf(t *testing.T, run *results.Run) (heads []string, about map[string]string) {
	t.Helper()
	_, table, ok := strings.Cut(page(t, run), `<table class="sortable rows">`)
	if !ok {
		t.Fatal("got no table of rows, want one")
	}
	table, _, _ = strings.Cut(table, "</thead>")
	about = map[string]string{}
	for _, m := range head.FindAllStringSubmatch(table, -1) {
		heads = append(heads, m[2])
		about[m[2]] = html.UnescapeString(m[1])
	}
	return heads, about
}

func TestColumnsOfAUsualTable(t *testing.T) {
	heads, about := columnsOf(t, usual.run(t))
	want := []string{
		"ns/op", "95 % interval", "ops/s", "p50", "p90", "p99", "max", "active", "Jain", "starved",
		"longest wait", "fair-ms", "cpu ns/op", "B/op", "allocs/op", "samples", "trials",
	}
	if !slices.Equal(heads, want) {
		t.Errorf("got columns %q, want %q", heads, want)
	}
	for _, h := range heads {
		if about[h] == "" {
			t.Errorf("tooltip of %s: got none, want one", h)
		}
	}
}

// Percentiles of the service time are kept by trial, so a row has none, and a table has no
// blank column for them.
func TestATableHasNoColumnThatIsAlwaysBlank(t *testing.T) {
	run := changed(t, usual, func(tr *results.Trial) {
		if tr.Values != nil {
			tr.Values["service-p99-ns"], tr.Values["service-max-ns"] = 80, 90
		}
	})
	heads, _ := columnsOf(t, run)
	if slices.Contains(heads, "service-p99-ns") || !slices.Contains(heads, "service-max-ns") {
		t.Errorf("got columns %q, want service-max-ns, and not service-p99-ns", heads)
	}
}

func TestTheTableShowsTheMetricsOfTheWorkload(t *testing.T) {
	run := faults(t, takeover)
	heads, about := columnsOf(t, run)
	want := []string{"takeover-ms", "95 % interval", "ns/op", "ops/s", "stale-rejected", "trials"}
	if !slices.Equal(heads, want) {
		t.Errorf("got columns %q, want %q", heads, want)
	}
	if got, want := about["takeover-ms"], takeover.About+"; lower is better"; got != want {
		t.Errorf("tooltip: got %q, want %q", got, want)
	}
	text := page(t, run)
	for _, want := range []string{
		">takeover-ms is ", ">takeover-ms</td><td>" + shortName(2) + ", ", "the best takeover-ms here",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got a page without %q, want it shown", want)
		}
	}
}

// A rare metric that no row has more than zero of has no column.
func TestTheTableLeavesOutRareMetricsThatAreZero(t *testing.T) {
	for least, want := range map[float64]bool{0: false, 1: true} {
		run := faults(t, takeover)
		for i := range run.Info.Works[0].Metrics {
			run.Info.Works[0].Metrics[i].Rare = run.Info.Works[0].Metrics[i].Unit == "stale-rejected"
		}
		for i := range run.Trials {
			run.Trials[i].Values["stale-rejected"] = least
		}
		if heads, _ := columnsOf(t, run); slices.Contains(heads, "stale-rejected") != want {
			t.Errorf("all rows have %v: got columns %q, want stale-rejected among them: %v", least, heads, want)
		}
	}
}

// Runs of older versions declare no metrics. Their tables show what their trials have.
func TestTheTableOfAnOldRunShowsAllItsUnits(t *testing.T) {
	run := faults(t, takeover)
	run.Info.Works[0].Ranks, run.Info.Works[0].Metrics = "", nil
	heads, about := columnsOf(t, run)
	want := []string{"ns/op", "95 % interval", "ops/s", "takeover-ms", "trials"}
	if !slices.Equal(heads, want) {
		t.Errorf("got columns %q, want %q", heads, want)
	}
	if about["takeover-ms"] != "" {
		t.Errorf("tooltip: got %q, want none", about["takeover-ms"])
	}
}

// chartOf returns the first chart with a word in its name, and its picture.
func chartOf(t *testing.T, run *results.Run, word string) (plots.Chart, string) {
	t.Helper()
	for _, c := range plots.Charts(run) {
		if strings.Contains(c.Name, word) {
			svg, err := c.SVG()
			if err != nil {
				t.Fatal(err)
			}
			return c, string(svg)
		}
	}
	t.Fatalf("got no chart with %q in its name, want one", word)
	return plots.Chart{}, ""
}

func TestChartsDrawTheMetricThatRanks(t *testing.T) {
	run := faults(t, takeover)
	for _, c := range []struct{ name, title, caption, label string }{
		{"counter-takeover-ms-", "takeover-ms (", "further left is better", "takeover-ms: from the fault"},
		{"scaling", "takeover-ms over goroutines", "Lower is better", "takeover-ms: from the fault"},
		{"ratio", "takeover-ms relative to the baseline, lock0", "left of 1 is better", ""},
	} {
		chart, svg := chartOf(t, run, c.name)
		if !strings.Contains(chart.Title, c.title) || !strings.Contains(chart.Caption, c.caption) {
			t.Errorf("%s: got title %q and caption %q, want %q and %q in them",
				c.name, chart.Title, chart.Caption, c.title, c.caption)
		}
		if !strings.Contains(svg, c.label) {
			t.Errorf("%s: got no label %q, want it on an axis", c.name, c.label)
		}
	}
	_, svg := chartOf(t, run, "counter-takeover-ms-")
	if first, last := strings.Index(svg, shortName(2)), strings.Index(svg, shortName(0)); first > last {
		t.Errorf("got %s at %d and %s at %d, want the best one first", shortName(2), first, shortName(0), last)
	}
	higher := takeover
	higher.Better = results.Higher
	chart, svg := chartOf(t, faults(t, higher), "counter-takeover-ms-")
	if first, last := strings.Index(svg, shortName(0)), strings.Index(svg, shortName(2)); first > last {
		t.Errorf("got %s at %d and %s at %d, want the largest first", shortName(0), first, shortName(2), last)
	}
	if !strings.Contains(chart.Caption, "further right is better") {
		t.Errorf("got caption %q, want it to say that larger is better", chart.Caption)
	}
}

// A logarithmic axis has no place for a value of 0. The chart marks it.
func TestAChartMarksTheZerosThatItHasNoPlaceFor(t *testing.T) {
	run := faults(t, takeover)
	for i := range run.Trials {
		if run.Trials[i].Impl == shortName(1) {
			run.Trials[i].Values["takeover-ms"] = 0
		}
	}
	chart, svg := chartOf(t, run, "counter-takeover-ms-")
	if !strings.Contains(svg, ">"+shortName(1)+" (median 0)<") || !strings.Contains(chart.Caption, "values of 0") {
		t.Errorf("got caption %q, want the row marked and a note on it", chart.Caption)
	}
	for i := range run.Trials {
		run.Trials[i].Values["takeover-ms"] = 0
	}
	if text := page(t, run); !strings.Contains(text, "no takeover-ms at this point is positive") {
		t.Error("all zero: got a page without the reason, want it shown")
	}
}

// If more is better, the gains on a map are above 1, too.
func TestAMapOfAHigherMetric(t *testing.T) {
	p := square(func(_, _, impl int) float64 { return []float64{400, 100, 200}[impl] })
	run := p.run()
	for i := range run.Trials {
		v := run.Trials[i].Values
		v["commits/s"] = v["ops/s"]
		v["ns/op"] = 1e9 / v["ns/op"] // the other way round
	}
	w := &run.Info.Works[0]
	w.Ranks, w.Metrics = "commits/s", []results.Metric{{Unit: "commits/s", Better: results.Higher, About: "commits"}}
	charts, fields := maps(t, run, threeLocks)
	if len(charts) != 1 {
		t.Fatalf("maps: got %d, want 1", len(charts))
	}
	for i, text := range fields[0] {
		if !regexp.MustCompile(`^bravo (3\.9|4\.0)\d×$`).MatchString(text) {
			t.Errorf("field %d: got %q, want bravo with 4×", i, text)
		}
	}
	c := charts[0]
	if !strings.Contains(c.Title, "who wins by commits/s") || !strings.Contains(c.Caption, "the best commits/s") {
		t.Errorf("got title %q and caption %q, want both to name commits/s", c.Title, c.Caption)
	}
}

func TestAForestOfSeveralMetricsSaysWhichSideIsBetter(t *testing.T) {
	row := func(unit string, better results.Better) results.Comparison {
		return results.Comparison{
			Name: "p", Old: "a", New: "b", Unit: unit, Better: better, Ratio: 1.2, Low: 1.1, High: 1.3,
		}
	}
	times := row("ns/op", results.Lower)
	for _, c := range []struct {
		rows []results.Comparison
		want string
	}{
		{[]results.Comparison{times, times}, "left of 1 is faster"},
		{
			[]results.Comparison{row("commits/s", results.Higher)},
			"right of 1 is better than the baseline in commits/s.",
		},
		{
			[]results.Comparison{times, row("commits/s", results.Higher)},
			"left of 1 is better than the baseline in ns/op; right of 1 is better than the baseline in commits/s.",
		},
		{[]results.Comparison{row("hops", results.Neither)}, "Ratio of hops with its interval."},
	} {
		if got := plots.Forest("f", c.rows).Caption; !strings.Contains(got, c.want) {
			t.Errorf("got caption %q, want %q in it", got, c.want)
		}
	}
}
