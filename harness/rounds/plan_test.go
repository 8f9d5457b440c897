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

var goroutines = harness.Param[int]{
	Key: "goroutines", About: "workers, 1 to 100", Default: 4, Valid: harness.Between(1, 100), Crowd: true,
}

// suites returns one suite with one load. Its implementations are two contenders, a bug,
// one known to be broken, and one that cannot run here.
func suites() []harness.Suite {
	contenders := []impls.Impl[int]{
		impls.Headline(impls.New("a", impls.Spin, "here", 0)), impls.New("b", impls.Spin, "here", 0),
	}
	away := impls.New("away", impls.Library, "elsewhere", 0)
	away.Requires.Missing = func() error { return errors.New("no server") }
	known := impls.NewKnown(impls.New("known", impls.Library, "elsewhere", 0), time.Second, "it loses keys")
	bugs := impls.Seed(contenders, impls.Bug[int]{Name: "bug", Twin: "a", Flaw: "it is wrong"})
	table := slices.Concat(contenders, bugs, []impls.Impl[int]{away, known})
	return []harness.Suite{harness.NewSuite(
		harness.About{Pattern: "toys", Contract: "toy", Baseline: "a", QuickShare: time.Hour},
		harness.Under(table, harness.Workload[int]{
			Load: harness.Load{
				Name: "w", Turn: "turn", Params: []harness.AnyParam{goroutines}, WantsFairness: true,
				Points: harness.Points{
					Quick:    []harness.Grid{harness.Over(goroutines.In(1, 8)), harness.Over(goroutines.In(8, 64))},
					Standard: []harness.Grid{harness.Over(goroutines.In(1, 2, 4))},
				},
			},
			Run: func(*harness.Trial, int) error { return nil },
		}),
	)}
}

func plan(t *testing.T, preset string, s Selection) Plan {
	t.Helper()
	p, err := FindPreset(preset)
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	plan, err := NewPlan(suites(), p, s, 2, func(impls.Card) string { return "contend" })
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	return plan
}

func cellNames(p Plan) []string {
	var out []string
	for _, b := range p.Blocks {
		for _, j := range b {
			out = append(out, j.Cell.Name())
		}
	}
	return out
}

func TestPlan(t *testing.T) {
	for _, c := range []struct {
		name   string
		preset string
		s      Selection
		want   string
	}{
		{"baselines twice, others at the first point, nothing broken or missing", "quick", Selection{}, `
			Toy/work=w/impl=a/goroutines=1-2 Toy/work=w/impl=a.again/goroutines=1-2 Toy/work=w/impl=b/goroutines=1-2
			Toy/work=w/impl=a/goroutines=8-2 Toy/work=w/impl=a.again/goroutines=8-2
			Toy/work=w/impl=a/goroutines=64-2 Toy/work=w/impl=a.again/goroutines=64-2`},
		{"a filter selects at every point", "quick", Selection{Filter: "/impl:a"}, `
			Toy/work=w/impl=a/goroutines=1-2 Toy/work=w/impl=a.again/goroutines=1-2
			Toy/work=w/impl=a/goroutines=8-2 Toy/work=w/impl=a.again/goroutines=8-2
			Toy/work=w/impl=a/goroutines=64-2 Toy/work=w/impl=a.again/goroutines=64-2`},
		{"without the baseline, another one runs twice", "quick", Selection{Filter: "/impl:b"}, `
			Toy/work=w/impl=b/goroutines=1-2 Toy/work=w/impl=b.again/goroutines=1-2
			Toy/work=w/impl=b/goroutines=8-2 Toy/work=w/impl=b.again/goroutines=8-2
			Toy/work=w/impl=b/goroutines=64-2 Toy/work=w/impl=b.again/goroutines=64-2`},
		{"set", "quick", Selection{
			Set: map[string][]string{"goroutines": {"3"}, "procs": {"1", "4"}}, Filter: "/impl:a",
		}, `
			Toy/work=w/impl=a/goroutines=3-1 Toy/work=w/impl=a.again/goroutines=3-1
			Toy/work=w/impl=a/goroutines=3-4 Toy/work=w/impl=a.again/goroutines=3-4`},
		{"open loop", "quick", Selection{
			Set: map[string][]string{"goroutines": {"3"}, "rate-hz": {"500"}}, Filter: "/impl:a",
		}, `
			Toy/work=w/impl=a/goroutines=3/rate-hz=500-2 Toy/work=w/impl=a.again/goroutines=3/rate-hz=500-2`},
		{"by contract", "standard", Selection{Names: []string{"toy"}, Filter: "/goroutines:2"}, `
			Toy/work=w/impl=a/goroutines=2-2 Toy/work=w/impl=a.again/goroutines=2-2 Toy/work=w/impl=b/goroutines=2-2`},
	} {
		if got, want := cellNames(plan(t, c.preset, c.s)), strings.Fields(c.want); !slices.Equal(got, want) {
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
		{Selection{Set: map[string][]string{"goroutines": {"101"}}}, "is not a value it takes"},
		{Selection{Set: map[string][]string{"procs": {"0"}}}, "1 to 1024"},
		{Selection{Filter: "/impl:bug"}, "no cell"},
		{Selection{Filter: "/impl:known"}, "it loses keys"},
		{Selection{Filter: "/impl:away"}, "no server"},
		{Selection{Filter: "/impl:"}, "filter"},
	} {
		_, err := NewPlan(suites(), Presets[0], c.s, 2, func(impls.Card) string { return "contend" })
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: got error %v, want %q", c.s, err, c.says)
		}
	}
	if _, err := FindPreset("fast"); err == nil || !strings.Contains(err.Error(), "quick") {
		t.Errorf("preset fast: got error %v, want one that names quick", err)
	}
}

// A round has every job once, blocks stay together, and the seed repeats the order.
// A parameter that is set for a workload without a point has no effect there.
func TestWhatSetLeavesOutIsNamed(t *testing.T) {
	size := harness.Param[int]{Key: "size", Default: 1}
	about := harness.About{Pattern: "toys", Contract: "toy", Baseline: "a", QuickShare: time.Hour}
	load := func(name string, points harness.Points) harness.Workload[int] {
		return harness.Workload[int]{
			Load: harness.Load{Name: name, Turn: "turn", Params: []harness.AnyParam{size}, Points: points},
			Run:  func(*harness.Trial, int) error { return nil },
		}
	}
	here := []harness.Grid{harness.Over()}
	suite := harness.NewSuite(about, harness.Under([]impls.Impl[int]{impls.New("a", impls.Spin, "here", 0)},
		load("quick", harness.Points{Quick: here}), load("long", harness.Points{Standard: here}),
		load("stress", harness.Points{Stress: here})))
	p, err := FindPreset("quick")
	if err != nil {
		t.Fatal(err)
	}
	set := Selection{Set: map[string][]string{"size": {"2", "3"}}}
	plan, err := NewPlan([]harness.Suite{suite}, p, set, 2, func(impls.Card) string { return "contend" })
	want := "--set size=2,3 leaves out toy/long, which preset quick has no point of"
	if err != nil || len(plan.Notes) != 1 || plan.Notes[0] != want {
		t.Errorf("got %q and error %v, want %q", plan.Notes, err, want)
	}
}

func TestRoundsAreShuffledInBlocks(t *testing.T) {
	plan := plan(t, "quick", Selection{})
	orders := map[string]bool{}
	for round := 1; round <= 20; round++ {
		jobs := plan.round(1, round)
		if len(jobs) != plan.Jobs() {
			t.Fatalf("got %d jobs, want %d", len(jobs), plan.Jobs())
		}
		var points, order []string
		for _, j := range jobs {
			order = append(order, j.Cell.Name())
			if p := j.Cell.Point(); len(points) == 0 || points[len(points)-1] != p {
				points = append(points, p)
			}
		}
		if len(points) != len(plan.Blocks) {
			t.Errorf("round %d: got points %v, want each of %d in one block", round, points, len(plan.Blocks))
		}
		orders[strings.Join(order, " ")] = true
		if again := plan.round(1, round); again[0].Cell.Name() != jobs[0].Cell.Name() {
			t.Errorf("got %s first, want %s as before with the same seed", again[0].Cell.Name(), jobs[0].Cell.Name())
		}
	}
	if len(orders) < 15 {
		t.Errorf("got %d orders in 20 rounds, want at least 15", len(orders))
	}
}

func TestADuetPairsItsSides(t *testing.T) {
	duet := plan(t, "quick", Selection{Filter: "/goroutines:8"}).Duet("old", "older", "new")
	if len(duet.Blocks) != 2 || duet.Jobs() != 6 {
		t.Fatalf("got %d blocks with %d jobs, want 2 with 6", len(duet.Blocks), duet.Jobs())
	}
	for _, b := range duet.Blocks {
		if b[0].Cell.Name() != b[1].Cell.Name() || b[0].Executable != "old" ||
			b[1].Side != "base.again" || b[1].Executable != "older" || b[2].Side != "head" {
			t.Errorf("got %+v, want base, base again and head", b)
		}
	}
}

// Two suites of a contract are selected by pattern, contract or name. Their
// implementations share the points of a load that both have.
func TestSuitesOfOneContract(t *testing.T) {
	part := func(impl string) harness.Part {
		return harness.Under([]impls.Impl[int]{impls.Headline(impls.New(impl, impls.Spin, "here", 0))}, harness.Workload[int]{
			Load: harness.Load{Name: "bank", Turn: "transfer", Points: harness.Points{Quick: []harness.Grid{harness.Over()}}},
			Run:  func(*harness.Trial, int) error { return nil },
		})
	}
	two := []harness.Suite{
		harness.NewSuite(harness.About{
			Pattern: "optimistic concurrency control", Contract: "txn", Name: "optimistic", Baseline: "silo",
		}, part("silo")),
		harness.NewSuite(harness.About{
			Pattern: "pessimistic concurrency control", Contract: "txn", Name: "pessimistic", Baseline: "wound-wait",
		}, part("wound-wait")),
	}
	for selected, want := range map[string]int{
		"optimistic": 1, "pessimistic": 1, "txn/optimistic": 1, "pessimistic concurrency control": 1, "txn": 2,
		"optimistic pessimistic": 2,
	} {
		names := []string{selected}
		if selected == "optimistic pessimistic" {
			names = strings.Fields(selected)
		}
		found, err := Named(two, names)
		if err != nil || len(found) != want {
			t.Errorf("%s: got %d suites and error %v, want %d", selected, len(found), err, want)
		}
	}
	queues := harness.NewSuite(harness.About{
		Pattern: "lock-free programming", Contract: "lockfree/queue", Baseline: "ring",
	}, part("ring"))
	for _, name := range []string{
		"lockfree", "queue", "lockfree/queue", "lock-free programming", "lock-free-programming", "Lockfree",
		"lockfreeprogramming",
	} {
		if found, err := Named(append(two, queues), []string{name}); err != nil || len(found) != 1 {
			t.Errorf("%s: got %d suites and error %v, want 1", name, len(found), err)
		}
	}
	both := Selection{Names: []string{"optimistic", "pessimistic"}}
	p, err := NewPlan(two, Presets[0], both, 2, func(impls.Card) string { return "contend" })
	if err != nil || len(p.Blocks) != 1 || p.Jobs() != 4 || len(p.Shares) != 2 {
		t.Errorf("got %v and error %v, want one block of two implementations and their aliases", cellNames(p), err)
	}
}

// The headline implementations come first, point by point; what is left goes to the
// others.
func TestQuickIsABudget(t *testing.T) {
	at := func(point, impl string, headline bool) entry {
		return entry{point: point, headline: headline, takes: time.Second, jobs: []Job{{Cell: results.Cell{Impl: impl}}}}
	}
	all := []entry{
		at("1", "a", true), at("1", "b", false), at("1", "c", true), at("1", "d", false),
		at("2", "a", true), at("2", "b", false), at("2", "c", true), at("2", "d", false),
	}
	for share, want := range map[time.Duration]string{
		time.Second: "1a 1c", 3 * time.Second: "1a 1b 1c", 4 * time.Second: "1a 1c 2a 2c",
		5 * time.Second: "1a 1b 1c 2a 2c", time.Hour: "1a 1b 1c 1d 2a 2c",
	} {
		var got []string
		for _, e := range within(all, share) {
			got = append(got, e.point+e.jobs[0].Cell.Impl)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("a share of %v: got %v, want %s", share, got, want)
		}
	}
}

// The goroutines of a point are those of all parameters that count them.
func TestFairnessWindowOfALoadWithTwoRoles(t *testing.T) {
	producers := harness.Param[int]{Key: "producers", Default: 4, Crowd: true}
	consumers := harness.Param[int]{Key: "consumers", Default: 4, Crowd: true}
	job := Job{
		Cell: results.Cell{Contract: "toy", Work: "transfer", Impl: "a", Procs: 2},
		Load: harness.Load{Name: "transfer", Params: []harness.AnyParam{producers, consumers}, WantsFairness: true},
	}
	if got := Presets[0].spec(job, 1, 1, Options{}).Fairness; got != 200*time.Millisecond {
		t.Errorf("got a fairness window of %v, want 200ms", got)
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

// A load may need windows that are longer than the preset's, and the estimate counts them.
func TestALoadSetsTheLeastLengthOfItsWindows(t *testing.T) {
	quick := Presets[0]
	for least, want := range map[time.Duration]time.Duration{0: quick.Length, time.Second: time.Second} {
		cell := results.Cell{Contract: "toy", Work: "w", Impl: "a", Procs: 2}
		job := Job{Cell: cell, Load: harness.Load{AtLeast: least}}
		s := quick.spec(job, 2, 1, Options{})
		if s.Length != want || trialTime(s, job) < time.Duration(s.Windows)*want {
			t.Errorf("at least %v: got windows of %v and a trial of %v, want windows of %v",
				least, s.Length, trialTime(s, job), want)
		}
	}
}

func TestAnOpenLoopIsAboutLatency(t *testing.T) {
	job := Job{Cell: results.Cell{
		Contract: "toy", Work: "w", Impl: "a", Procs: 2, Params: []results.Param{{Key: harness.RateKey, Value: "500"}},
	}}
	if s := Presets[0].spec(job, 2, 1, Options{}); s.Rate != 500 || s.Windows != 0 || s.Latency < 2 || s.Fairness != 0 {
		t.Errorf("got %+v, want rate 500 and only latency windows, at least 2", s)
	}
	for rate, want := range map[string]struct{ least, most time.Duration }{ // of all windows
		"1000000": {2 * Presets[0].Length, 2 * Presets[0].Length},
		"10000":   {100 * time.Millisecond, 200 * time.Millisecond}, // ten of 1000 turns lie beyond the p99
		"500":     {2 * time.Second, 4 * time.Second},
		"1":       {4 * time.Second, 4 * time.Second},
	} {
		job.Cell.Params = []results.Param{{Key: harness.RateKey, Value: rate}}
		s := Presets[0].spec(job, 1, 1, Options{})
		if all := time.Duration(s.Latency) * s.Length; all < want.least || all > want.most {
			t.Errorf("%s turns/s: got windows of %v in all, want %v to %v", rate, all, want.least, want.most)
		}
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{"mutx": `did you mean "mutex"?`, "zzzzzz": "there are barrier, mutex"} {
		if got := Nearest(name, []string{"mutex", "barrier", "mutex"}); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
