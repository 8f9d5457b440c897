package harness_test

import (
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Each of these contradictions showed as a wrong or missing result before.
func TestContradictionsAreRefused(t *testing.T) {
	size := harness.Param[int]{Key: "size"}
	points := harness.Metric{Unit: "points", About: "a score"}
	one := impls.New("one", impls.Atomic, "here", "")
	type contradiction struct {
		table []impls.Impl[string]
		load  harness.Load
	}
	params := func(p ...harness.AnyParam) contradiction { return contradiction{load: harness.Load{Params: p}} }
	metrics := func(m ...harness.Metric) contradiction { return contradiction{load: harness.Load{Metrics: m}} }
	grid := harness.Points{Quick: []harness.Grid{harness.Over(size.In(1))}}
	bug := impls.Bug[string]{Name: "bug", Twin: "gone", Flaw: "it is wrong"}
	for want, c := range map[string]contradiction{
		"two implementations of a table":   {table: []impls.Impl[string]{one, one}},
		"lacks a name, a kind or a source": {table: []impls.Impl[string]{impls.New("one", "", "", "")}},
		"its twin":                         {table: impls.Seed(nil, bug)},
		"it is listed twice":               params(size, size),
		"one of its parameters is nil":     params(size, (*harness.Param[int])(nil)),
		"the name is reserved":             params(harness.Param[int]{Key: "impl"}),
		"a chart is over":                  {load: harness.Load{CurveAxis: size}},
		"a grid is over":                   {load: harness.Load{Points: grid}},
		"the unit is taken":                metrics(harness.Metric{Unit: "ns/op"}),
		"none of lower, higher and empty":  metrics(harness.Metric{Unit: "points", Better: "heigher"}),
		"none of its metrics or has no":    {load: harness.Load{Ranks: points, Metrics: []harness.Metric{points}}},
	} {
		if c.table == nil {
			c.table = []impls.Impl[string]{one}
		}
		c.load.Name = "toy"
		work := harness.Workload[string]{Load: c.load, Run: func(*harness.Trial, string) error { return nil }}
		suite := harness.NewSuite(harness.About{Contract: "toy", Baseline: "one"}, harness.Under(c.table, work))
		if err := harness.CheckSuites([]harness.Suite{suite}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

func TestContractsWithOneBenchmarkNameAreRefused(t *testing.T) {
	suite := func(contract, impl string) harness.Suite {
		table := []impls.Impl[string]{impls.New(impl, impls.Atomic, "here", "")}
		points := harness.Metric{Unit: "points", Better: results.Higher, About: "a score"}
		load := harness.Load{Name: "toy", Ranks: points, Metrics: []harness.Metric{points}}
		work := harness.Workload[string]{Load: load}
		return harness.NewSuite(harness.About{Contract: contract, Baseline: impl}, harness.Under(table, work))
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
		about := harness.About{Contract: "toys", Name: name, Baseline: name}
		return harness.NewSuite(about, harness.Under(table, harness.Workload[string]{Load: load}))
	}
	first := harness.Load{Turn: "turn", Params: []harness.AnyParam{size}, Metrics: []harness.Metric{points}}
	for want, change := range map[string]func(*harness.Load){
		"":           func(*harness.Load) {},
		"parameters": func(l *harness.Load) { l.Params = nil },
		"turns":      func(l *harness.Load) { l.Turn = "round" },
		"ranking":    func(l *harness.Load) { l.Ranks = points },
		"metrics":    func(l *harness.Load) { l.Metrics = nil },
		"chart axes": func(l *harness.Load) { l.CurveAxis = size },
	} {
		second := first
		change(&second)
		err := harness.CheckSuites([]harness.Suite{suite("one", first), suite("two", second)})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), "other "+want)) {
			t.Errorf("other %s: got error %v", want, err)
		}
	}
}

func TestLoadsOfOneNameAreRefused(t *testing.T) {
	table := []impls.Impl[string]{impls.New("one", impls.Atomic, "here", "")}
	toy := harness.Workload[string]{Load: harness.Load{Name: "toy"}}
	s := harness.NewSuite(harness.About{Contract: "toys", Baseline: "one"}, harness.Under(table, toy, toy))
	if err := harness.CheckSuites([]harness.Suite{s}); err == nil || !strings.Contains(err.Error(), `two of its loads are called "toy"`) {
		t.Errorf("got error %v, want one on two loads called toy", err)
	}
}
