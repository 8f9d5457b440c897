package results

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func copyFiles(t *testing.T, from, to string, names ...string) {
	t.Helper()
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// suites is an Info with two suites of cas that both have a mutex, and with two suites of
// txn that share a workload.
func suites() Info {
	return Info{
		Suites: []SuiteInfo{
			{"compare-and-swap", "cas", "counter"},
			{"compare-and-swap", "cas", "cell"},
			{"optimistic concurrency control", "txn", "optimistic"},
			{"pessimistic concurrency control", "txn", "pessimistic"},
		},
		Impls: []ImplInfo{
			{Contract: "cas", Suite: "counter", Name: "fetch-and-add"},
			{Contract: "cas", Suite: "counter", Name: "mutex", Source: "a counter"},
			{Contract: "cas", Suite: "cell", Name: "value"},
			{Contract: "cas", Suite: "cell", Name: "mutex", Source: "a cell", Role: "noop"},
			{Contract: "txn", Suite: "optimistic", Name: "tl2"},
			{Contract: "txn", Suite: "pessimistic", Name: "2pl"},
		},
		Works: []WorkInfo{
			{Contract: "cas", Suite: "counter", Name: "count", Baseline: "fetch-and-add"},
			{Contract: "cas", Suite: "cell", Name: "record", Baseline: "value"},
			{
				Contract: "txn", Suite: "optimistic", Name: "bank", Baseline: "tl2",
				Metrics: []Metric{{Unit: "aborts/op", Better: Lower, About: "aborted attempts divided by commits"}},
			},
			{
				Contract: "txn", Suite: "pessimistic", Name: "bank", Baseline: "2pl",
				Metrics: []Metric{{Unit: "waits/op", Better: Lower, About: "waits for a lock divided by commits"}},
			},
		},
	}
}

func TestTheWorkloadDecidesWhichImplementationIsMeant(t *testing.T) {
	info := suites()
	for _, c := range []struct {
		contract, work, impl string
		suite                string // "" if there is no such implementation
	}{
		{"cas", "count", "mutex", "counter"},
		{"cas", "record", "mutex", "cell"},
		{"cas", "record", "mutex" + AliasSuffix, "cell"},
		{"txn", "bank", "tl2", "optimistic"},
		{"txn", "bank", "2pl", "pessimistic"},
		{"cas", "count", "value", ""},
		{"mutex", "count", "mutex", ""},
	} {
		got, ok := info.Impl(Cell{Contract: c.contract, Work: c.work, Impl: c.impl})
		if ok != (c.suite != "") || got.Suite != c.suite {
			t.Errorf("%s under %s/%s: got %+v, %v, want one of suite %q", c.impl, c.contract, c.work, got, ok, c.suite)
		}
	}
	if i, ok := info.Impl(Cell{Contract: "cas", Work: "unknown", Impl: "mutex"}); !ok || i.Suite != "counter" {
		t.Errorf("under an unknown workload: got %+v, %v, want the first of that name", i, ok)
	}
	partly := Info{Impls: []ImplInfo{{Contract: "cas", Name: "mutex"}}, Works: info.Works}
	if _, ok := partly.Impl(Cell{Contract: "cas", Work: "count", Impl: "mutex"}); !ok {
		t.Error("an implementation of an unknown suite: got none, want it found")
	}
	if w, ok := info.Work("cas", "record"); !ok || w.Suite != "cell" {
		t.Errorf("workload record: got %+v, %v, want that of suite cell", w, ok)
	}
	if w, ok := info.Work("txn", "record"); ok {
		t.Errorf("workload of another contract: got %+v, want none", w)
	}
}

// The role belongs to an implementation of one suite, not to a name.
func TestAControlOfOneSuiteCompetesInAnother(t *testing.T) {
	run := &Run{Info: suites()}
	for _, work := range []string{"count", "record"} {
		for _, impl := range []string{"mutex", map[string]string{"count": "fetch-and-add", "record": "value"}[work]} {
			for _, tr := range trials(impl, 1, 2, 3) {
				tr.Contract, tr.Work = "cas", work
				run.Trials = append(run.Trials, tr)
			}
		}
	}
	for _, v := range Verdicts(run, Options{}) {
		for _, r := range v.Rows {
			if want := v.Work == "record" && r.Impl == "mutex"; r.Control != want {
				t.Errorf("%s under %s: got control = %v, want %v", r.Impl, v.Work, r.Control, want)
			}
		}
	}
	rows := run.Rows() // in the order of the tables: value comes before the mutex of its suite
	if got := rows[2].Impl; len(rows) != 4 || got != "value" {
		t.Errorf("third row: got %s of %d rows, want value of 4", got, len(rows))
	}
}

func TestMetricsOfAWorkload(t *testing.T) {
	info := suites()
	if got := info.Metrics("txn", "bank"); len(got) != 2 {
		t.Errorf("metrics of a workload that two suites share: got %v, want those of both", got)
	}
	for _, c := range []struct {
		contract, work, unit string
		want                 Better
	}{
		{"txn", "bank", "aborts/op", Lower},
		{"txn", "bank", "waits/op", Lower},
		{"txn", "bank", "ops/s", Higher},
		{"txn", "bank", "fair-ms", Neither},
		{"cas", "count", "aborts/op", Neither}, // another workload declares it
	} {
		m := info.Metric(c.contract, c.work, c.unit)
		if m.Unit != c.unit || m.Better != c.want {
			t.Errorf("%s of %s/%s: got %+v, want better %q", c.unit, c.contract, c.work, m, c.want)
		}
	}
}

func TestGoroutinesAreTheSumOfACrowd(t *testing.T) {
	w := WorkInfo{Crowd: []string{"producers", "consumers"}}
	c := Cell{Params: []Param{{"producers", "4"}, {"consumers", "2"}, {"capacity", "64"}}}
	if got := w.Goroutines(Row{Cell: c}); got != 6 {
		t.Errorf("got %d, want 6", got)
	}
	if got := (WorkInfo{}).Goroutines(Row{Cell: c}); got != 0 {
		t.Errorf("without a crowd: got %d, want 0", got)
	}
}

func TestAnAliasIsUndone(t *testing.T) {
	c := cell("sync").Alias()
	if c.Impl != "sync.again" {
		t.Errorf("alias: got %s, want sync.again", c.Impl)
	}
	if got := c.Alias().Impl; got != c.Impl {
		t.Errorf("alias of an alias: got %s, want %s", got, c.Impl)
	}
	if impl, again := c.Unalias(); impl != "sync" || !again {
		t.Errorf("alias undone: got %s, %v, want sync, true", impl, again)
	}
	if impl, again := cell("sync").Unalias(); impl != "sync" || again {
		t.Errorf("first name: got %s, %v, want sync, false", impl, again)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5}} {
		first := math.NaN()
		if len(c.values) > 0 {
			first = c.values[0]
		}
		if got := Median(c.values); got != c.want {
			t.Errorf("median of %v: got %v, want %v", c.values, got, c.want)
		}
		if len(c.values) > 0 && c.values[0] != first {
			t.Errorf("first value after Median: got %v, want %v", c.values[0], first)
		}
	}
}

// A profile whose file was not kept still has its table. A file elsewhere is not linked.
func TestProfilesOfARun(t *testing.T) {
	dir := t.TempDir()
	text := `{"profiles": [{"cell": "kept", "file": "profiles/cpu.pprof"}, {"cell": "table", "file": ""},
		{"cell": "above", "file": "../cpu.pprof"}, {"cell": "far", "file": "/cpu.pprof"}]}`
	if err := os.WriteFile(filepath.Join(dir, infoFile), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var info Info
	if err := readInfo(root, &info); err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	var got []string
	for _, p := range info.Profiles {
		got = append(got, p.Cell)
	}
	if want := []string{"kept", "table"}; !slices.Equal(got, want) {
		t.Errorf("got profiles of %v, want of %v", got, want)
	}
}
