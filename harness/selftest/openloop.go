package selftest

import (
	"context"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

const (
	// punctual is the p99 that empty turns of an open loop may have, on an idle machine.
	punctual   = 100 * time.Microsecond
	openTrials = 3    // at each rate; the median counts
	openTurns  = 2000 // expected in a trial, so that it has a p99
)

var (
	openWorkers = []int{1, 2, 8, 64}
	openUses    = []float64{0.01, 0.1, 0.5}
)

// OpenLoop measures the generator of open loops with turns that do nothing. Each rate is
// a share of the turns that the workers make if every turn is due.
func OpenLoop(ctx context.Context) ([]Named, error) {
	var figures []Named
	for _, n := range openWorkers {
		most, err := openTrial(ctx, n, 1e9, 0)
		if err != nil {
			return nil, err
		}
		capacity, kept := 1e9*most.Values["kept-rate"], 0.0
		all := true // lower rates are punctual
		for _, use := range openUses {
			rate := capacity * use
			var p99 []float64
			for seed := range uint64(openTrials) {
				trial, err := openTrial(ctx, n, rate, seed)
				if err != nil {
					return nil, err
				}
				if v, ok := trial.Values["p99-ns"]; ok {
					p99 = append(p99, v)
				}
			}
			if len(p99) < openTrials {
				return nil, fmt.Errorf("open loop of %d workers at %.0f turns/s: %d of %d trials have a p99", n, rate,
					len(p99), openTrials)
			}
			value := results.Median(p99)
			if all = all && value <= float64(punctual); all {
				kept = rate
			}
			figures = append(figures, named(fmt.Sprintf("open-loop-%d-use-%g%%", n, 100*use),
				fmt.Sprintf("p99 of empty turns from their due time, %d workers, %.3g turns/s", n, rate), value, "ns"))
		}
		figures = append(figures, named(fmt.Sprintf("open-loop-%d-keeps", n), keeps(kept), kept, "turns/s"))
	}
	return figures, nil
}

// keeps says what the rate that was kept means.
func keeps(rate float64) string {
	if rate == 0 {
		return fmt.Sprintf("none of these rates had a p99 of at most %v: the machine is busy or too slow", punctual)
	}
	return fmt.Sprintf("the highest of these rates up to which the p99 is at most %v", punctual)
}

// openTrial runs empty turns at a rate.
func openTrial(ctx context.Context, n int, rate float64, seed uint64) (results.Trial, error) {
	spec := harness.DefaultSpec(cell("empty", n, 0))
	spec.SpinsPerNs, spec.NoProbe, spec.Seed = 1, true, seed
	spec.Rate, spec.Poisson, spec.Windows = rate, true, 0
	spec.Length = max(spec.Length, time.Duration(openTurns/rate*float64(time.Second)))
	return harness.Execute(ctx, []harness.Suite{Suite()}, spec)
}
