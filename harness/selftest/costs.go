package selftest

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/results"
)

// Named is a figure with its name, in the order in which it is printed.
type Named struct {
	Name  string
	About string
	results.Figure
}

const (
	turns     = 2_000_000 // of a timed loop
	repeats   = 21        // interleaved; the median counts
	benchTime = "20ms"
)

// Costs measures what the harness costs, all loops in turn in one process, and what the machine does.
func Costs(ctx context.Context) ([]Named, error) {
	testing.Init()
	if err := flag.Set("test.benchtime", benchTime); err != nil {
		return nil, err
	}
	rows := harness.Rows(Pattern())
	before := harness.ReadMachine()
	var bare, now, since, sample, recorded []float64
	looped, next := make([][]float64, len(benchLoops)), make([][]float64, len(nextLoops))
	for range repeats {
		bare = append(bare, timed(turns, bareLoop))
		for i, loop := range benchLoops {
			r := testing.Benchmark(loop)
			looped[i] = append(looped[i], float64(r.T)/float64(r.N))
		}
		for i := range nextLoops {
			turn, err := emptyTurn(ctx, rows, i)
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
	sampled, err := samplingRatios(ctx, rows)
	if err != nil {
		return nil, err
	}
	probe := harness.Probe()
	after := harness.ReadMachine()
	figures := []Named{
		{"loop-bare", "an empty for loop with a counter", ns(bare)},
		{"loop-testing-b", "testing.B.Loop with an empty body", fastest(looped)},
		{"loop-next", "Worker.Next in a throughput window, with an empty body", fastest(next)},
		{"loop-next-minus-bare", "what a turn costs above a bare loop", results.Figure{Value: fastest(next).Value - median(bare), Unit: "ns"}},
		{"loop-next-minus-testing-b", "beside testing.B.Loop", results.Figure{Value: fastest(next).Value - fastest(looped).Value, Unit: "ns"}},
		{"clock-now", "time.Now", ns(now)},
		{"clock-since", "time.Since, what the harness reads", ns(since)},
		{"sample", "timing and recording one turn", ns(sample)},
		{"history-call", "recording one call of a history, where nobody else records", ns(recorded)},
	}
	figures = append(figures, sampled...)
	return append(figures,
		Named{"hop", "a cache line's way between two cores", results.Figure{Value: probe.HopNs, Unit: "ns"}},
		Named{"arithmetic", "a step of the calibrated chain", results.Figure{Value: probe.ArithNs, Unit: "ns"}},
		Named{"two-copies", "speed-up of two independent computations over one", results.Figure{Value: twoCopies(), Unit: "×"}},
		Named{"stolen", "processor time that the host took during this test", results.Figure{Value: after.StolenSince(before), Unit: "%"}},
	), nil
}

func ns(samples []float64) results.Figure { return results.Figure{Value: median(samples), Unit: "ns"} }

// fastest is the median of the copy with the least one.
func fastest(copies [][]float64) results.Figure {
	least := median(copies[0])
	for _, samples := range copies[1:] {
		least = min(least, median(samples))
	}
	return results.Figure{Value: least, Unit: "ns"}
}

func median(samples []float64) float64 { return results.Summarize(slices.Clone(samples)).Median }

// timed returns the ns a turn of a loop over n turns.
func timed(n int, loop func(n int)) float64 {
	begin := time.Now()
	loop(n)
	return float64(time.Since(begin)) / float64(n)
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
	begin := time.Now()
	var d time.Duration
	for range n {
		d = time.Since(begin)
	}
	runtime.KeepAlive(d)
}

func emptyTurn(ctx context.Context, rows []harness.Row, which int) (float64, error) {
	c := cell("empty", 1, 0)
	c.Params = append(c.Params, results.Param{Key: copyOf.Key, Value: fmt.Sprint(which)})
	spec := harness.Spec{
		Cell: c, Round: 1, Warm: time.Millisecond, Length: 10 * time.Millisecond, Windows: 1,
		Grace: 10 * time.Second, NoProbe: true,
	}
	trial, err := harness.Execute(ctx, rows, spec)
	return trial.Values["ns/op"], err
}

// samplingRatios is what a latency window costs beside a throughput window of the same trial.
func samplingRatios(ctx context.Context, rows []harness.Row) ([]Named, error) {
	var figures []Named
	spins := harness.CalibrateSpin()
	for _, n := range []int{1, 2, 64} {
		var ratios []float64
		for seed := range uint64(repeats) {
			spec := harness.DefaultSpec(cell("lock", n, 0))
			spec.SpinsPerNs, spec.Seed, spec.NoProbe = spins, seed, true
			trial, err := harness.Execute(ctx, rows, spec)
			if err != nil {
				return nil, err
			}
			ratios = append(ratios, trial.Values["sampling-cost"])
		}
		figures = append(figures, Named{
			fmt.Sprintf("sampling-%d", n),
			fmt.Sprintf("a turn of sync.Mutex with %d goroutines in a latency window, beside a throughput window", n),
			results.Figure{Value: median(ratios), Unit: "×"},
		})
	}
	return figures, nil
}

// twoCopies runs a fixed computation alone and then twice at once: 2 is two real cores, less is a machine
// that shares them.
func twoCopies() float64 {
	const steps = 20_000_000
	work := func(seed uint64) { runtime.KeepAlive(harness.Spin(seed, steps)) }
	var ratios []float64
	for seed := range uint64(5) {
		begin := time.Now()
		work(seed)
		alone := time.Since(begin)
		begin = time.Now()
		var group sync.WaitGroup
		group.Go(func() { work(seed) })
		group.Go(func() { work(seed + 1) })
		group.Wait()
		ratios = append(ratios, 2*float64(alone)/float64(time.Since(begin)))
	}
	return median(ratios)
}
