package results

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// crash is a run of a workload that ranks by the time to take over. The baseline runs
// under both of its names, and is the one with the shortest turns.
func crash(takeover map[string][]float64) *Run {
	run := &Run{Info: Info{
		Impls: []ImplInfo{
			{Contract: "distlock", Name: "lease"},
			{Contract: "distlock", Name: "fence"},
			{Contract: "distlock", Name: "quorum"},
		},
		Works: []WorkInfo{{
			Contract: "distlock", Name: "crash", Baseline: "lease", Ranks: "takeover-ms",
			Metrics: []Metric{{Unit: "takeover-ms", Better: Lower, About: "from the fault until another client acquired"}},
		}},
	}}
	for impl, ns := range map[string]float64{"lease": 100, "lease" + AliasSuffix: 100, "fence": 900, "quorum": 500} {
		for i, v := range takeover[strings.TrimSuffix(impl, AliasSuffix)] {
			c := Cell{Contract: "distlock", Work: "crash", Impl: impl, Procs: 2}
			run.Trials = append(run.Trials, Trial{
				Cell: c, Round: i + 1, Status: Ok, Turns: 100,
				Values: map[string]float64{"ns/op": ns, "ops/s": 1e9 / ns, "takeover-ms": v},
			})
		}
	}
	slices.SortFunc(run.Trials, func(a, b Trial) int { return a.Round - b.Round })
	return run
}

func takeovers(seed uint64, lease, fence, quorum float64) map[string][]float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	return map[string][]float64{
		"lease":  around(rng, 12, lease, 0.01),
		"fence":  around(rng, 12, fence, 0.01),
		"quorum": around(rng, 12, quorum, 0.01),
	}
}

func textOf(v Verdict, impl string) string {
	i := slices.IndexFunc(v.Rows, func(r RowVerdict) bool { return r.Impl == impl })
	if i < 0 {
		return ""
	}
	return v.Rows[i].Text
}

// oneVerdict returns the only verdict of a run.
func oneVerdict(t *testing.T, run *Run) Verdict {
	t.Helper()
	all := Verdicts(run, Options{})
	if len(all) != 1 {
		t.Fatalf("got %d verdicts, want 1", len(all))
	}
	if _, err := json.Marshal(all); err != nil {
		t.Errorf("as JSON: got error %v, want none", err)
	}
	return all[0]
}

func TestAWorkloadRanksByItsOwnMetric(t *testing.T) {
	run := crash(takeovers(1, 400, 100, 200))
	v := oneVerdict(t, run)
	if v.Unit != "takeover-ms" || v.About == "" || !slices.Equal(v.Best, []string{"fence"}) {
		t.Fatalf("got best %q by %s (%s), want fence by takeover-ms", v.Best, v.Unit, v.About)
	}
	for impl, want := range map[string]string{
		"fence": "the best takeover-ms here", "lease": "takeover-ms is ", "quorum": "times that of fence",
	} {
		if got := textOf(v, impl); !strings.Contains(got, want) || strings.Contains(got, "as long as") {
			t.Errorf("%s: got %q, want %q in it", impl, got, want)
		}
	}
	first := v.Rows[0]
	if first.Unit != "takeover-ms" || math.Abs(first.Value.Median-100) > 5 || first.Ns.Median != 900 {
		t.Errorf("got %s of %v and %v ns/op, want takeover-ms of 100 and 900 ns/op",
			first.Unit, first.Value.Median, first.Ns.Median)
	}
	for _, c := range WithinRun(run, Options{}) {
		improved := c.Better == Lower && c.Ratio < 0.6 && !c.Regression()
		if c.Unit != "takeover-ms" || c.Old != "lease" || !improved || c.Floor <= 0 {
			t.Errorf("got %+v, want an improvement of takeover-ms over lease, with a floor", c)
		}
	}
	if c := Certificates(run, Options{}); len(c) != 1 || c[0].Unit != "takeover-ms" || c[0].Floor <= 0 {
		t.Errorf("got certificates %+v, want one by takeover-ms with a floor", c)
	}
	if c := WithinRun(run, Options{Unit: "ns/op"}); c[0].Unit != "ns/op" || c[0].Ratio < 2 {
		t.Errorf("by ns/op: got %+v, want its own ratio", c[0])
	}
}

func TestAHigherMetricRanksTheLargestFirst(t *testing.T) {
	run := crash(takeovers(2, 100, 400, 200))
	w := &run.Info.Works[0]
	w.Ranks, w.Metrics[0] = "commits/s", Metric{Unit: "commits/s", Better: Higher, About: "commits per second"}
	for i := range run.Trials {
		v := run.Trials[i].Values
		v["commits/s"] = v["takeover-ms"]
	}
	v := oneVerdict(t, run)
	if !slices.Equal(v.Best, []string{"fence"}) || v.Rows[1].Impl != "quorum" {
		t.Errorf("got best %q and second %s, want fence and quorum", v.Best, v.Rows[1].Impl)
	}
	if got := textOf(v, "lease"); !strings.Contains(got, "commits/s is 0.25 times that of fence") {
		t.Errorf("lease: got %q, want 0.25 times the commits/s", got)
	}
	for _, c := range WithinRun(run, Options{}) {
		if c.Better != Higher || c.Ratio < 1.5 || c.Outcome != Different || c.Regression() {
			t.Errorf("got %+v, want a larger ratio that is no regression", c)
		}
	}
}

func TestRegressionsDependOnTheMetric(t *testing.T) {
	for _, c := range []struct {
		better Better
		ratio  float64
		want   bool
	}{{Lower, 2, true}, {Lower, 0.5, false}, {Higher, 2, false}, {Higher, 0.5, true}, {Neither, 2, false}} {
		row := Comparison{Better: c.better, Ratio: c.ratio, Outcome: Different}
		if got := row.Regression(); got != c.want {
			t.Errorf("better %q, ratio %v: got %v, want %v", c.better, c.ratio, got, c.want)
		}
		row.Outcome = Inconclusive
		if row.Regression() {
			t.Errorf("better %q, ratio %v, inconclusive: got a regression, want none", c.better, c.ratio)
		}
	}
}

func TestAMetricWithoutADirectionCannotRank(t *testing.T) {
	for _, unit := range []string{"takeover-ms", "unheard-of"} {
		run := crash(takeovers(3, 400, 100, 200))
		w := &run.Info.Works[0]
		w.Ranks, w.Metrics[0].Better = unit, Neither
		if v := oneVerdict(t, run); v.Unit != "ns/op" || !slices.Equal(v.Best, []string{"lease"}) {
			t.Errorf("%s: got best %q by %s, want lease by ns/op", unit, v.Best, v.Unit)
		}
	}
	run := crash(takeovers(3, 400, 100, 200))
	run.Info.Works[0].Metrics[0].Better = Neither
	for _, c := range WithinRun(run, Options{Unit: "takeover-ms"}) {
		if c.Unit != "takeover-ms" || c.N != 12 || c.Better != Neither {
			t.Errorf("asked for: got %+v, want ratios of takeover-ms without a direction", c)
		}
	}
}

// Zeros have no logarithm. A verdict claims nothing of them, and nothing may break.
func TestZerosHaveNoRatio(t *testing.T) {
	zeros := make([]float64, 12)
	run := crash(map[string][]float64{"lease": zeros, "fence": zeros, "quorum": zeros})
	v := oneVerdict(t, run)
	if len(v.Best) != 3 {
		t.Errorf("all zero: got best %q, want all three", v.Best)
	}
	for _, r := range v.Rows {
		if r.Outcome != Inconclusive || !strings.Contains(r.Text, "no takeover-ms at this point is positive") {
			t.Errorf("all zero: got %s, %q, want an inconclusive row that says why", r.Outcome, r.Text)
		}
	}
	for _, c := range WithinRun(run, Options{}) {
		if c.Outcome != Equivalent || c.HasRatio() {
			t.Errorf("all zero: got %s (%s), want equivalent values without a ratio", c.Outcome, c.Reason)
		}
	}
	if c := Certificates(run, Options{}); len(c) != 0 {
		t.Errorf("all zero: got certificates %+v, want none", c)
	}

	values := takeovers(4, 400, 100, 200)
	values["lease"][3] = 0
	v = oneVerdict(t, crash(values))
	const want = "where that of fence is 99.33; 0 has no ratio"
	if got := textOf(v, "lease"); !slices.Equal(v.Best, []string{"fence"}) || !strings.Contains(got, want) {
		t.Errorf("one zero: got best %q and %q, want fence and %q", v.Best, got, want)
	}
}

func TestTwoRunsAndDuetsCompareByTheWorkloadsMetric(t *testing.T) {
	old, new := crash(takeovers(5, 400, 100, 200)), crash(takeovers(6, 800, 100, 200))
	old.Info.Works = nil // it may be older
	rows, err := Across(old, new, Options{})
	if err != nil || len(rows) != 3 {
		t.Fatalf("got %d rows and error %v, want 3", len(rows), err)
	}
	swapped, err := Across(new, old, Options{}) // the new run does not know its workloads
	if err != nil || len(swapped) != 3 || swapped[0].Unit != "takeover-ms" {
		t.Errorf("swapped: got %+v and error %v, want 3 rows by takeover-ms", swapped, err)
	}
	duet := &Run{Info: new.Info}
	for side, run := range map[string]*Run{"base": old, "head": new} {
		for _, tr := range run.Trials {
			tr.Side = side
			duet.Trials = append(duet.Trials, tr)
		}
	}
	for _, c := range append(rows, DuetOf(duet, Options{})...) {
		want := strings.Contains(c.Name, "impl=lease")
		if c.Unit != "takeover-ms" || c.Better != Lower || c.Regression() != want {
			t.Errorf("%s: got %+v, want unit takeover-ms and regression %v", c.Name, c, want)
		}
	}
}

func TestOnlyDeclaredDirectionsAreWritten(t *testing.T) {
	run := &Run{Info: Info{Works: []WorkInfo{
		{Contract: "mutex", Name: "a", Metrics: []Metric{
			{Unit: "up", Better: Higher}, {Unit: "torn", Better: Higher}, {Unit: "plain", Better: Neither},
		}},
		{Contract: "mutex", Name: "b", Metrics: []Metric{
			{Unit: "down", Better: Lower}, {Unit: "torn", Better: Lower}, {Unit: "half", Better: Lower},
		}},
		{Contract: "mutex", Name: "c", Metrics: []Metric{{Unit: "half", Better: Neither}, {Unit: "absent", Better: Lower}}},
		{Contract: "mutex", Name: "d", Metrics: []Metric{{Unit: "far", Better: Higher}}},
	}}}
	for _, work := range []string{"a", "b", "c"} {
		for _, tr := range trials("sync", 1, 2) {
			tr.Work = work
			tr.Values = map[string]float64{"ns/op": 1, "fair-ms": 1, "samples": 1, "ops/s": 1, "unknown": 1}
			for _, m := range []string{"up", "torn", "plain", "down", "half", "far"} {
				tr.Values[m] = 1
			}
			run.Trials = append(run.Trials, tr)
		}
	}
	var b bytes.Buffer
	if err := run.WriteBench(&b); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(b.String()) {
		if unit, ok := strings.CutPrefix(line, "Unit "); ok {
			got = append(got, strings.TrimSpace(unit))
		}
	}
	want := []string{
		"ns/op rounds=lines", "ns/op better=lower", "ops/s better=higher", "down better=lower", "up better=higher",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got unit lines %q, want %q", got, want)
	}
	first := "ns/op 1 ops/s 1 fair-ms 1 samples 1 down 1 far"
	if !strings.Contains(b.String(), first) {
		t.Errorf("got values not in the order %q in\n%s", first, b.String())
	}
}
