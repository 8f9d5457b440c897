package selftest

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/results"
)

// Named is a figure with a name and a description.
type Named struct {
	Name  string
	About string
	results.Figure
}

const (
	turns     = 2_000_000 // in a timed loop
	repeats   = 21        // of each loop, interleaved; the median counts
	benchTime = "20ms"
)

// Costs measures the costs of the harness, and the machine. All loops run interleaved in
// one process.
func Costs(ctx context.Context) ([]Named, error) {
	testing.Init()
	if err := flag.Set("test.benchtime", benchTime); err != nil {
		return nil, err
	}
	suites := []harness.Suite{Suite()}
	before := machine.ReadTicks()
	var bare, now, since, sample, recorded []float64
	looped, next := make([][]float64, len(benchLoops)), make([][]float64, len(nextLoops))
	for range repeats {
		bare = append(bare, timed(turns, bareLoop))
		for i, loop := range benchLoops {
			r := testing.Benchmark(loop)
			looped[i] = append(looped[i], float64(r.T)/float64(r.N))
		}
		for i := range nextLoops {
			turn, err := emptyTurn(ctx, suites, i)
			if err != nil {
				return nil, err
			}
			next[i] = append(next[i], turn)
		}
		now = append(now, timed(turns/20, callNow))
		since = append(since, timed(turns/20, callSince))
		sample = append(sample, timed(turns/20, harness.SampleTurns))
		recorded = append(recorded, timed(turns/20, history.Calls))
	}
	sampled, err := samplingRatios(ctx, suites)
	if err != nil {
		return nil, err
	}
	probe := machine.Probe()
	after := machine.ReadTicks()
	figures := []Named{
		{"loop-bare", "an empty for loop with a counter", ns(bare)},
		{"loop-testing-b", "testing.B.Loop with an empty body", fastest(looped)},
		{"loop-next", "Worker.Next in a throughput window, with an empty body", fastest(next)},
		{"loop-next-minus-bare", "what a turn costs above a bare loop", minus(fastest(next), ns(bare))},
		{"loop-next-minus-testing-b", "compared with testing.B.Loop", minus(fastest(next), fastest(looped))},
		{"clock-now", "time.Now", ns(now)},
		{"clock-since", "time.Since, what the harness reads", ns(since)},
		{"sample", "timing and recording one turn", ns(sample)},
		{"history-call", "recording one call of a history, without other clients", ns(recorded)},
	}
	figures = append(figures, sampled...)
	open, err := OpenLoop(ctx)
	if err != nil {
		return nil, err
	}
	figures = append(figures, open...)
	return append(figures,
		named("hop", "one transfer of a cache line between two cores", probe.HopNs, "ns"),
		named("arithmetic", "a step of the calibrated chain", probe.ArithNs, "ns"),
		named("two-copies", "speed-up of two independent computations over one", twoCopies(), "×"),
		named("stolen", "processor time that the host took during this test", after.StolenSince(before), "%"),
	), nil
}

func named(name, about string, value float64, unit string) Named {
	return Named{name, about, results.Figure{Value: value, Unit: unit}}
}

func ns(samples []float64) results.Figure {
	return results.Figure{Value: results.Median(samples), Unit: "ns"}
}

func minus(a, b results.Figure) results.Figure {
	return results.Figure{Value: a.Value - b.Value, Unit: a.Unit}
}

// fastest returns the median of the fastest copy of a loop.
func fastest(copies [][]float64) results.Figure {
	best := results.Median(copies[0])
	for _, samples := range copies[1:] {
		best = min(best, results.Median(samples))
	}
	return results.Figure{Value: best, Unit: "ns"}
}

// timed returns the time per turn of a loop over n turns, in ns.
func timed(n int, loop func(n int)) float64 {
	start := time.Now()
	loop(n)
	return float64(time.Since(start)) / float64(n)
}

//go:noinline
func bareLoop(n int) {
	i := 0
	for i < n {
		i++
	}
	runtime.KeepAlive(i)
}

func callNow(n int) {
	var t time.Time
	for range n {
		t = time.Now()
	}
	runtime.KeepAlive(t)
}

func callSince(n int) {
	start := time.Now()
	var d time.Duration
	for range n {
		d = time.Since(start)
	}
	runtime.KeepAlive(d)
}

// emptyTurn measures an empty turn in one of the copies of its loop.
func emptyTurn(ctx context.Context, suites []harness.Suite, which int) (float64, error) {
	c := cell("empty", 1, 0)
	c.Params = append(c.Params, results.Param{Key: copyOf.Key, Value: fmt.Sprint(which)})
	spec := harness.Spec{
		Cell: c, Round: 1, Warm: time.Millisecond, Length: 10 * time.Millisecond, Windows: 1,
		Grace: 10 * time.Second, NoProbe: true,
	}
	trial, err := harness.Execute(ctx, suites, spec)
	return trial.Values["ns/op"], err
}

// samplingRatios returns the costs of latency windows relative to throughput windows of
// the same trials.
func samplingRatios(ctx context.Context, suites []harness.Suite) ([]Named, error) {
	var figures []Named
	spins := machine.CalibrateSpin()
	for _, n := range []int{1, 2, 64} {
		var ratios []float64
		for seed := range uint64(repeats) {
			spec := harness.DefaultSpec(cell("lock", n, 0))
			spec.SpinsPerNs, spec.Seed, spec.NoProbe = spins, seed, true
			trial, err := harness.Execute(ctx, suites, spec)
			if err != nil {
				return nil, err
			}
			ratios = append(ratios, trial.Values["sampling-cost"])
		}
		figures = append(figures, Named{
			fmt.Sprintf("sampling-%d", n),
			fmt.Sprintf("a turn of sync.Mutex with %d goroutines in a latency window, relative to a throughput window", n),
			results.Figure{Value: results.Median(ratios), Unit: "×"},
		})
	}
	return figures, nil
}

// twoCopies returns the speed-up of two computations at once over one at a time. A value
// of 2 means two real cores, and less means shared ones.
func twoCopies() float64 {
	const steps = 20_000_000
	work := func(seed uint64) { runtime.KeepAlive(machine.Spin(seed, steps)) }
	var ratios []float64
	for seed := range uint64(5) {
		start := time.Now()
		work(seed)
		alone := time.Since(start)
		start = time.Now()
		var group sync.WaitGroup
		group.Go(func() { work(seed) })
		group.Go(func() { work(seed + 1) })
		group.Wait()
		ratios = append(ratios, 2*float64(alone)/float64(time.Since(start)))
	}
	return results.Median(ratios)
}
