package results

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/perf/benchfmt"
)

// due is a run at a rate of turns. Each implementation has a p99, and the generator has
// one of its own lateness.
func due(p99, late map[string]float64) *Run {
	run := &Run{Info: Info{
		State: "complete",
		Works: []WorkInfo{{Contract: "mutex", Name: "counter", Baseline: "a"}},
	}}
	for i, impl := range []string{"a", "a" + AliasSuffix, "b", "c"} {
		name := strings.TrimSuffix(impl, AliasSuffix)
		rng := rand.New(rand.NewPCG(1, uint64(i)))
		for round, v := range around(rng, 12, p99[name], 0.01) {
			t := Trial{
				Cell: Cell{
					Contract: "mutex", Work: "counter", Impl: impl, Procs: 2, Params: []Param{{RateKey, "20000"}},
				},
				Round: round + 1, Status: Ok, Turns: 1, Values: map[string]float64{"p99-ns": v, "service-p99-ns": v / 2},
			}
			if v, ok := late[name]; ok {
				t.Values["generator-late-p99-ns"] = v
			}
			run.Trials = append(run.Trials, t)
		}
	}
	return run
}

func TestAnOpenLoopRanksByTheP99FromTheDueTime(t *testing.T) {
	info := &Info{Works: []WorkInfo{
		{Contract: "mutex", Name: "counter"},
		{Contract: "mutex", Name: "crash", Ranks: "takeover-ms", Metrics: []Metric{{Unit: "takeover-ms", Better: Lower}}},
	}}
	for _, c := range []struct{ work, rate, unit, want string }{
		{"counter", "", "", "ns/op"},
		{"counter", "0", "", "ns/op"},
		{"counter", "1000", "", "p99-ns"},
		{"counter", "1000", "service-p99-ns", "service-p99-ns"},
		{"counter", "1000", "hop-ns", "p99-ns"},
		{"crash", "1000", "", "takeover-ms"},
	} {
		cell := Cell{Contract: "mutex", Work: c.work}
		if c.rate != "" {
			cell.Params = []Param{{RateKey, c.rate}}
		}
		if got := info.Ranking(cell, c.unit).Unit; got != c.want {
			t.Errorf("%s at rate %q by %q: got %s, want %s", c.work, c.rate, c.unit, got, c.want)
		}
	}
	other := foreign(benchfmt.Name("X/rate-hz=1000"))
	if got := info.Ranking(other, "").Unit; got != "ns/op" {
		t.Errorf("a file of another tool: got %s, want ns/op", got)
	}
	punctual := map[string]float64{"a": 2000, "b": 2000, "c": 2000}
	run := due(map[string]float64{"a": 40_000, "b": 20_000, "c": 80_000}, punctual)
	v := oneVerdict(t, run)
	if v.Unit != "p99-ns" || !slices.Equal(v.Best, []string{"b"}) || v.Unclear != "" {
		t.Errorf("got best %q by %s (%s), want b by p99-ns", v.Best, v.Unit, v.Unclear)
	}
	for _, c := range WithinRun(run, Options{}) {
		if c.Unit != "p99-ns" || c.Outcome != Different {
			t.Errorf("got %s %s by %s, want different by p99-ns", c.New, c.Outcome, c.Unit)
		}
	}
}

// A p99 that the generator made says nothing of the implementation.
func TestALateLoadIsNoVerdict(t *testing.T) {
	p99 := map[string]float64{"a": 40_000, "b": 20_000, "c": 80_000}
	for _, c := range []struct {
		name   string
		late   map[string]float64
		winner string // "": none
		out    []string
	}{
		{"punctual", map[string]float64{"a": 1000, "b": 1000, "c": 1000}, "b", nil},
		{"late for the best", map[string]float64{"a": 1000, "b": 15_000, "c": 1000}, "a", []string{"b"}},
		{"late for the worst", map[string]float64{"a": 1000, "b": 1000, "c": 70_000}, "b", []string{"c"}},
		{"late for all", map[string]float64{"a": 39_000, "b": 19_000, "c": 79_000}, "", []string{"a", "b", "c"}},
		{"not recorded", nil, "", []string{"a", "b", "c"}},
	} {
		run := due(p99, c.late)
		v := oneVerdict(t, run)
		if (v.Unclear == "") != (c.winner != "") || c.winner != "" && v.Best[0] != c.winner {
			t.Errorf("%s: got best %q, unclear %q, want winner %q", c.name, v.Best, v.Unclear, c.winner)
		}
		for _, r := range v.Rows {
			late := slices.Contains(c.out, r.Impl)
			if (r.Late != "") != late || (r.Out != "") != late || strings.HasPrefix(r.Text, noLatency) != late {
				t.Errorf("%s, %s: got %q, want a latency verdict: %v", c.name, r.Impl, r.Text, !late)
			}
			if late && r.Outcome != Inconclusive {
				t.Errorf("%s, %s: got %s, want inconclusive", c.name, r.Impl, r.Outcome)
			}
		}
		for _, row := range WithinRun(run, Options{}) {
			late := slices.Contains(c.out, row.Old) || slices.Contains(c.out, row.New)
			if (row.Outcome == Inconclusive) != late || strings.HasPrefix(row.Reason, noLatency) != late {
				t.Errorf("%s, %s with %s: got %s (%s), want a comparison: %v",
					c.name, row.New, row.Old, row.Outcome, row.Reason, !late)
			}
		}
		for _, row := range WithinRun(run, Options{Unit: "service-p99-ns"}) {
			if row.Outcome != Different {
				t.Errorf("%s, by the service time: got %s, want different", c.name, row.Outcome)
			}
		}
	}
}
