package plots_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// recipe says what a synthetic run holds. Equal recipes make equal runs.
type recipe struct {
	seed       uint64
	impls      int
	goroutines []int
	rounds     int
	hist       bool
	controls   bool // the last implementation is known to be broken
	fails      bool // the second one fails its third trial at every point
}

// usual is a run of locks as contend makes it.
var usual = recipe{
	seed: 1, impls: 6, goroutines: []int{1, 2, 8, 64}, rounds: 9, hist: true, controls: true, fails: true,
}

// shortName returns an implementation's name in a synthetic run.
func shortName(i int) string { return "lock" + strconv.Itoa(i) }

// run makes the recipe's run. Implementation 0 is the baseline and runs under both of its
// names.
func (c recipe) run(t testing.TB) *results.Run {
	t.Helper()
	rng := rand.New(rand.NewPCG(c.seed, 1))
	run := &results.Run{Path: "runs/one", Info: results.Info{
		Tool: "contend v1", Revision: "abc", Args: []string{"run", "mutex"}, Preset: "quick", Seed: c.seed,
		Rounds: c.rounds, State: "complete",
		Start: time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC), End: time.Date(2020, 1, 2, 3, 5, 5, 0, time.UTC),
		Stops: []results.Stop{{
			Point: "Mutex/work=counter/goroutines=1-2", Rounds: c.rounds, Width: 0.02, Reason: "precise enough",
		}},
		Machine: results.Machine{
			GOOS: "linux", GOARCH: "amd64", CPU: "a processor", Cores: 2, Kernel: "6.1", Go: "go1.26",
		},
		Costs: map[string]results.Figure{"loop": {Value: 0.7, Unit: "ns"}},
		Works: []results.WorkInfo{{
			Contract: "mutex", Name: "counter", Op: "acquisition", About: "all add to one number",
			Baseline: shortName(0), Crowd: []string{"goroutines"}, Curve: "goroutines",
		}},
		Profiles: []results.ProfileInfo{{
			Cell: "Mutex/work=counter/impl=lock0-2", Kind: "cpu", File: "profiles/cpu.pprof",
			Top: []results.TopRow{{Function: "sync.(*Mutex).Lock", Flat: 0.5, Cum: 0.75, Value: "1.2 s"}},
		}},
		Impls: []results.ImplInfo{{Contract: "mutex", Name: "absent", Kind: "remote", Skipped: "no server answers"}},
	}}
	for i := range c.impls {
		info := results.ImplInfo{
			Contract: "mutex", Name: shortName(i), Kind: "spin", Source: "a paper", Promises: []string{"fifo"},
		}
		if c.controls && i == c.impls-1 {
			info.Role, info.Flaw = "known-broken", "it does not lock"
		}
		run.Info.Impls = append(run.Info.Impls, info)
	}
	for _, n := range c.goroutines {
		for round := range c.rounds {
			for i := range c.impls {
				tr := c.trial(t, rng, i, n, round+1)
				run.Trials = append(run.Trials, tr)
				if i == 0 {
					again := c.trial(t, rng, i, n, round+1)
					again.Cell = again.Alias()
					run.Trials = append(run.Trials, again)
				}
			}
		}
	}
	return run
}

func (c recipe) trial(t testing.TB, rng *rand.Rand, i, goroutines, round int) results.Trial {
	ns := 40 * float64(i+1) * math.Exp(0.05*rng.NormFloat64()) * math.Sqrt(float64(goroutines))
	tr := results.Trial{
		Cell: results.Cell{
			Contract: "mutex", Work: "counter", Impl: shortName(i), Procs: 2,
			Params: []results.Param{
				{Key: "goroutines", Value: strconv.Itoa(goroutines)},
				{Key: "hold-ns", Value: "100"},
			},
		},
		Round: round, Seed: rng.Uint64(), Status: results.Ok, Turns: uint64(1e9 / ns), Took: time.Second,
		Values: map[string]float64{
			"ns/op": ns, "ops/s": 1e9 / ns, "active": float64(min(goroutines, 3)),
			"p50-ns": ns, "p90-ns": 4 * ns, "p99-ns": 20 * ns, "p99.9-ns": 90 * ns, "max-ns": 1e6,
			"jain": 1 / float64(i+1), "starved": 0, "wait-max-ns": 1e6, "fair-ms": 200,
			"cpu-ns/op": 2 * ns, "B/op": 0, "allocs/op": 0,
		},
		Probe: results.Probe{HopNs: 55 + rng.Float64(), ArithNs: 0.5},
	}
	if c.hist {
		tr.Hist = latencies(t, rng, ns)
		tr.Values["samples"] = histogramSamples
	}
	if c.fails && i == 1 && round == 3 {
		tr.Status, tr.Values, tr.Hist = results.Failed, nil, ""
		tr.Reason, tr.Detail = "two workers were inside", fmt.Sprintf("mutex-%d.txt", goroutines)
	}
	return tr
}

const histogramSamples = 1000

// latencies encodes a long-tailed histogram around a median, in ns.
func latencies(t testing.TB, rng *rand.Rand, median float64) string {
	t.Helper()
	h := hdrhistogram.New(1, 1<<40, 2)
	for range histogramSamples {
		if err := h.RecordValue(int64(median * math.Exp(math.Abs(rng.NormFloat64())))); err != nil {
			t.Fatal(err)
		}
	}
	text, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// changed makes a recipe's run and changes every trial of it.
func changed(t testing.TB, c recipe, change func(*results.Trial)) *results.Run {
	t.Helper()
	run := c.run(t)
	for i := range run.Trials {
		change(&run.Trials[i])
	}
	return run
}

// allCharts returns the charts of a run and of its comparisons.
func allCharts(run *results.Run) []plots.Chart {
	return append(plots.Charts(run), plots.Forest("ratios", results.WithinRun(run, results.Options{})))
}
