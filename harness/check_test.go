package harness_test

import (
	"cmp"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

func idle(*harness.Trial, string) error { return nil }

func toys(contract, suite, baseline string) harness.About {
	return harness.About{Pattern: "toys", Contract: contract, Name: suite, Baseline: baseline}
}

func meaning(text string) impls.Promise { return impls.Promise{Name: "a", Meaning: text} }

func named(name string) impls.Impl[string] { return impls.New(name, impls.Atomic, "here", "") }

// Each of these contradictions showed as a wrong or missing result before.
func TestContradictionsAreRefused(t *testing.T) {
	size := harness.Param[int]{Key: "size"}
	points := harness.Metric{Unit: "points", About: "a score"}
	one := named("one")
	type contradiction struct {
		table []impls.Impl[string]
		load  harness.Load
	}
	params := func(p ...harness.AnyParam) contradiction { return contradiction{load: harness.Load{Params: p}} }
	metrics := func(m ...harness.Metric) contradiction { return contradiction{load: harness.Load{Metrics: m}} }
	sizes := func(low int) []harness.Grid { return []harness.Grid{harness.Over(harness.Within(size, low, 9))} }
	drawing := func(p harness.Points) contradiction {
		return contradiction{load: harness.Load{Params: []harness.AnyParam{size}, Points: p}}
	}
	grid := harness.Points{Quick: []harness.Grid{harness.Over(size.In(1))}}
	bug := impls.Bug[string]{Name: "bug", Twin: "gone", Flaw: "it is wrong"}
	for want, c := range map[string]contradiction{
		"two implementations of a table":   {table: []impls.Impl[string]{one, one}},
		`implementation "o n e"`:           {table: []impls.Impl[string]{named("o n e")}},
		`implementation "o/ne"`:            {table: []impls.Impl[string]{named("o/ne")}},
		"those of second copies":           {table: []impls.Impl[string]{named("one.again")}},
		`load "a b"`:                       {load: harness.Load{Name: "a b"}},
		`parameter "my key/"`:              params(harness.Param[int]{Key: "my key/"}),
		`parameter ""`:                     params(harness.Param[int]{}),
		"of a chart's axis is nil":         {load: harness.Load{CurveAxis: (*harness.Param[int])(nil)}},
		"without spaces":                   metrics(harness.Metric{Unit: "a b"}),
		"it lacks a name or a meaning":     {load: harness.Load{Needs: []impls.Promise{{Name: "fiffo"}}}},
		"two meanings":                     {load: harness.Load{Needs: []impls.Promise{meaning("is a"), meaning("is b")}}},
		"lacks a name, a kind or a source": {table: []impls.Impl[string]{impls.New("one", "", "", "")}},
		`kind "foo"`:                       {table: []impls.Impl[string]{impls.New("one", "foo", "here", "")}},
		"its twin":                         {table: impls.Seed(nil, bug)},
		"it is listed twice":               params(size, size),
		"one of its parameters is nil":     params(size, (*harness.Param[int])(nil)),
		"the name is reserved":             params(harness.Param[int]{Key: "impl"}),
		"a chart is over":                  {load: harness.Load{CurveAxis: size}},
		"a grid is over":                   {load: harness.Load{Points: grid}},
		"which only a stress run can do":   drawing(harness.Points{Quick: sizes(1)}),
		"want 1 ≤ low ≤ high":              drawing(harness.Points{Stress: sizes(0)}),
		"without a value":                  drawing(harness.Points{Stress: []harness.Grid{harness.Over(size.In())}}),
		"the unit is taken":                metrics(harness.Metric{Unit: "ns/op"}),
		"none of lower, higher and empty":  metrics(harness.Metric{Unit: "points", Better: "heigher"}),
		"none of its metrics or has no":    {load: harness.Load{Ranks: points, Metrics: []harness.Metric{points}}},
	} {
		if c.table == nil {
			c.table = []impls.Impl[string]{one}
		}
		c.load.Name, c.load.Turn = cmp.Or(c.load.Name, "toy"), "turn"
		work := harness.Workload[string]{Load: c.load, Run: idle}
		suite := harness.NewSuite(toys("toy", "", "one"), harness.Under(c.table, work))
		if err := harness.CheckSuites([]harness.Suite{suite}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

func TestContractsWithOneBenchmarkNameAreRefused(t *testing.T) {
	suite := func(contract, impl string) harness.Suite {
		table := []impls.Impl[string]{impls.New(impl, impls.Atomic, "here", "")}
		points := harness.Metric{Unit: "points", Better: results.Higher, About: "a score"}
		load := harness.Load{Name: "toy", Turn: "turn", Ranks: points, Metrics: []harness.Metric{points}}
		work := harness.Workload[string]{Load: load, Run: idle}
		return harness.NewSuite(toys(contract, "", impl), harness.Under(table, work))
	}
	if err := harness.CheckSuites([]harness.Suite{suite("queue", "a"), suite("lockfree/queue", "b")}); err == nil {
		t.Error("got no error for queue beside lockfree/queue, want one: both are BenchmarkQueue")
	}
	if err := harness.CheckSuites([]harness.Suite{suite("queue", "a"), suite("stack", "b")}); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

// Suites that share a load by name share its points and its table.
func TestSuitesDeclareASharedLoadAlike(t *testing.T) {
	points := harness.Metric{Unit: "points", Better: results.Higher, About: "a score"}
	size := harness.Param[int]{Key: "size", Default: 1}
	suite := func(name string, load harness.Load) harness.Suite {
		load.Name = "toy"
		table := []impls.Impl[string]{impls.New(name, impls.Atomic, "here", "")}
		about := toys("toys", name, name)
		return harness.NewSuite(about, harness.Under(table, harness.Workload[string]{Load: load, Run: idle}))
	}
	first := harness.Load{Turn: "turn", Params: []harness.AnyParam{size}, Metrics: []harness.Metric{points}}
	for want, change := range map[string]func(*harness.Load){
		"":           func(*harness.Load) {},
		"parameters": func(l *harness.Load) { l.Params = nil },
		"parameters ": func(l *harness.Load) {
			crowd := size
			crowd.Crowd = true
			l.Params = []harness.AnyParam{crowd}
		},
		"parameters  ": func(l *harness.Load) {
			l.Params = []harness.AnyParam{harness.Param[string]{Key: "size", Default: "1"}}
		},
		"windows":    func(l *harness.Load) { l.WantsFairness = true },
		"windows ":   func(l *harness.Load) { l.Allocates = true },
		"turns":      func(l *harness.Load) { l.Turn = "round" },
		"ranking":    func(l *harness.Load) { l.Ranks = points },
		"metrics":    func(l *harness.Load) { l.Metrics = nil },
		"chart axes": func(l *harness.Load) { l.CurveAxis = size },
	} {
		second := first
		change(&second)
		err := harness.CheckSuites([]harness.Suite{suite("one", first), suite("two", second)})
		want = strings.TrimSpace(want)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), "other "+want)) {
			t.Errorf("other %s: got error %v", want, err)
		}
	}
}

func TestLoadsOfOneNameAreRefused(t *testing.T) {
	table := []impls.Impl[string]{impls.New("one", impls.Atomic, "here", "")}
	toy := harness.Workload[string]{Load: harness.Load{Name: "toy", Turn: "turn"}, Run: idle}
	s := harness.NewSuite(toys("toys", "", "one"), harness.Under(table, toy, toy))
	want := `two of its loads are called "toy"`
	if err := harness.CheckSuites([]harness.Suite{s}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one on two loads called toy", err)
	}
}

// What a suite lacks would show as a crash or as nothing.
func TestIncompleteSuitesAreRefused(t *testing.T) {
	about := toys("toys", "", "one")
	load := harness.Load{Name: "toy", Turn: "turn"}
	toy := harness.Workload[string]{Load: load, Run: idle}
	table := []impls.Impl[string]{named("one")}
	whole := harness.NewSuite(about, harness.Under(table, toy))
	if err := harness.CheckSuites([]harness.Suite{whole}); err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	noPattern, noContract := whole, whole
	noPattern.Pattern, noContract.Contract = "", ""
	noRun := harness.Workload[string]{Load: load}
	none := []impls.Impl[func()]{impls.New[func()]("one", impls.Atomic, "here", nil)}
	for want, suites := range map[string][]harness.Suite{
		"no pattern":                    {noPattern},
		`contract ""`:                   {noContract},
		"no implementation":             {harness.NewSuite(about, harness.Under(nil, toy))},
		"no load":                       {harness.NewSuite(about, harness.Under[string](table))},
		"has no Run":                    {harness.NewSuite(about, harness.Under(table, noRun))},
		"has no constructor":            {harness.NewSuite(about, harness.Under(none, harness.Workload[func()]{Load: load}))},
		"two suites have this contract": {whole, whole},
	} {
		if err := harness.CheckSuites(suites); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}
