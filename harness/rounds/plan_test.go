package rounds

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

var goroutines = harness.Param[int]{Key: "goroutines", About: "workers, 1 to 100", Default: 4, Valid: harness.Between(1, 100)}

// rows are two contenders, a bug and one that cannot run here, under one workload.
func rows() []harness.Row {
	table := []impls.Impl[int]{
		{Name: "a", Kind: impls.Spin, Source: "here"},
		{Name: "b", Kind: impls.Spin, Source: "here"},
		{Name: "bug", Kind: impls.Control, Role: impls.Bug, Source: "here"},
		{Name: "away", Kind: impls.Library, Source: "elsewhere", Missing: func() error { return errors.New("no server") }},
	}
	return harness.Rows(harness.NewPattern(harness.About{Pattern: "toys", Contract: "toy", Baseline: "a"}, table, harness.Workload[int]{
		Name: "w", Op: "turn", Params: []harness.AnyParam{goroutines}, Fair: true,
		Quick:    []harness.Grid{harness.Over(goroutines.In(1, 8)), harness.Over(goroutines.In(8, 64)).Without("b")},
		Standard: []harness.Grid{harness.Over(goroutines.In(1, 2, 4))},
		Run:      func(*harness.Trial, int) error { return nil },
	}))
}

func names(t *testing.T, preset string, s Selection) []string {
	t.Helper()
	p, err := FindPreset(preset)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := Cells(rows(), p, s, 2)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range cells {
		out = append(out, c.Name())
	}
	return out
}

func TestCells(t *testing.T) {
	for _, c := range []struct {
		name   string
		preset string
		s      Selection
		want   string
	}{
		{"curated, without duplicates, baselines twice, no bug and nothing that is missing", "quick", Selection{}, `
			Toy/work=w/impl=a/goroutines=1-2 Toy/work=w/impl=a.again/goroutines=1-2
			Toy/work=w/impl=a/goroutines=8-2 Toy/work=w/impl=a.again/goroutines=8-2
			Toy/work=w/impl=a/goroutines=64-2 Toy/work=w/impl=a.again/goroutines=64-2
			Toy/work=w/impl=b/goroutines=1-2 Toy/work=w/impl=b/goroutines=8-2`},
		{"set", "quick", Selection{Set: map[string][]string{"goroutines": {"3"}, "procs": {"1", "4"}}, Filter: "/impl:b"}, `
			Toy/work=w/impl=b/goroutines=3-1 Toy/work=w/impl=b/goroutines=3-4`},
		{"open loop", "quick", Selection{Set: map[string][]string{"goroutines": {"3"}, "rate-hz": {"500"}}, Filter: "/impl:b"}, `
			Toy/work=w/impl=b/goroutines=3/rate-hz=500-2`},
		{"by contract", "standard", Selection{Names: []string{"toy"}, Filter: "/impl:b"}, `
			Toy/work=w/impl=b/goroutines=1-2 Toy/work=w/impl=b/goroutines=2-2 Toy/work=w/impl=b/goroutines=4-2`},
	} {
		if got, want := names(t, c.preset, c.s), strings.Fields(c.want); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %v\nwant %v", c.name, got, want)
		}
	}
}

func TestSelectionsAreRefused(t *testing.T) {
	for _, c := range []struct {
		s    Selection
		says string
	}{
		{Selection{Names: []string{"toyz"}}, `did you mean "toy`},
		{Selection{Set: map[string][]string{"goroutine": {"1"}}}, `did you mean "goroutines"`},
		{Selection{Set: map[string][]string{"goroutines": {"x"}}}, "1 to 100"},
		{Selection{Set: map[string][]string{"goroutines": {"101"}}}, "out of range"},
		{Selection{Set: map[string][]string{"procs": {"0"}}}, "1 to 1024"},
		{Selection{Filter: "/impl:bug"}, "no cell"},
		{Selection{Filter: "/impl:"}, "filter"},
	} {
		_, err := Cells(rows(), Presets[0], c.s, 2)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v, want %q", c.s, err, c.says)
		}
	}
	if _, err := FindPreset("fast"); err == nil || !strings.Contains(err.Error(), "quick") {
		t.Errorf("preset fast: %v", err)
	}
}

// A round holds every job once, blocks stay together, and the seed repeats the order.
func TestRoundsAreShuffledInBlocks(t *testing.T) {
	cells, err := Cells(rows(), Presets[0], Selection{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	plan := ByPoint(rows(), cells, "contend")
	orders := map[string]bool{}
	for round := 1; round <= 20; round++ {
		jobs := plan.round(1, round)
		if len(jobs) != len(cells) {
			t.Fatalf("%d jobs of %d cells", len(jobs), len(cells))
		}
		var points, order []string
		for _, j := range jobs {
			if !j.Fair {
				t.Errorf("%s lost that it asks for fairness windows", j.Cell.Name())
			}
			order = append(order, j.Cell.Name())
			if p := j.Cell.Point(); len(points) == 0 || points[len(points)-1] != p {
				points = append(points, p)
			}
		}
		if len(points) != len(plan.Blocks) {
			t.Errorf("round %d: points %v are not in blocks", round, points)
		}
		orders[strings.Join(order, " ")] = true
		if again := plan.round(1, round); again[0].Cell.Name() != jobs[0].Cell.Name() {
			t.Error("the seed does not repeat the order")
		}
	}
	if len(orders) < 15 {
		t.Errorf("only %d orders in 20 rounds", len(orders))
	}
}

func TestADuetPairsItsSides(t *testing.T) {
	cells, err := Cells(rows(), Presets[0], Selection{Filter: "/goroutines:8"}, 2)
	if err != nil {
		t.Fatal(err)
	}
	plan := Duet(cells, "old", "new")
	if len(plan.Blocks) != 2 || plan.Jobs() != 4 {
		t.Fatalf("%+v", plan)
	}
	for _, b := range plan.Blocks {
		if b[0].Cell.Name() != b[1].Cell.Name() || b[0].Executable != "old" || b[1].Side != "head" {
			t.Errorf("%+v", b)
		}
	}
}

func TestFairnessWindows(t *testing.T) {
	quick, standard, full := Presets[0], Presets[1], Presets[2]
	for _, c := range []struct {
		name   string
		preset Preset
		asks   bool
		n      int
		round  int
		want   time.Duration
	}{
		{"quick", quick, true, 8, 1, 200 * time.Millisecond},
		{"quick, not asked for", quick, false, 8, 1, 0},
		{"quick, too many goroutines", quick, true, 64, 1, 0},
		{"once a cell", standard, false, 8, 2, 0},
		{"standard", standard, false, 8, 1, 2 * time.Second},
		{"four time slices each", standard, false, 300, 1, 6 * time.Second},
		{"one goroutine", standard, true, 1, 1, 0},
		{"full", full, false, 8, 5, 2 * time.Second},
	} {
		if got := c.preset.fairness(c.asks, c.n, 2, c.round); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAnOpenLoopIsAboutLatency(t *testing.T) {
	job := Job{Cell: results.Cell{Contract: "toy", Work: "w", Impl: "a", Params: []results.Param{{Key: harness.RateKey, Value: "500"}}, Procs: 2}}
	if s := Presets[0].spec(job, 2, 1, Options{}); s.Rate != 500 || s.Windows != 0 || s.Latency < 2 || s.Fairness != 0 {
		t.Errorf("%+v", s)
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{"mutx": `did you mean "mutex"?`, "zzzzzz": "there are barrier, mutex"} {
		if got := Nearest(name, []string{"mutex", "barrier", "mutex"}); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
