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
	openTrials = 5    // at each rate; the median counts
	openTurns  = 2000 // expected in a trial, so that it has a p99
	// everDue is a rate at which every turn is due.
	everDue = 1e9
)

var (
	openWorkers = []int{1, 2, 8, 64}
	openUses    = []float64{0.01, 0.1, 0.5}
)

// OpenLoop measures the generator of open loops with turns that do nothing. Each rate is
// a share of the turns per second that the workers make if every turn is due.
func OpenLoop(ctx context.Context) ([]Named, error) {
	var figures []Named
	for _, n := range openWorkers {
		capacity, err := openMedian(ctx, n, everDue, keptRate)
		if err != nil {
			return nil, err
		}
		if capacity == 0 {
			return nil, fmt.Errorf("open loop of %d workers: got no turn in most trials, want thousands", n)
		}
		var rates, p99 []float64
		for _, use := range openUses {
			rate := use * capacity * everDue
			v, err := openMedian(ctx, n, rate, dueP99)
			if err != nil {
				return nil, err
			}
			rates, p99 = append(rates, rate), append(p99, v)
			figures = append(figures, named(fmt.Sprintf("open-loop-%d-use-%g%%", n, 100*use),
				fmt.Sprintf("p99 from the due time of empty turns: workers: %d, turns/s: %.2g", n, rate), v, "ns"))
		}
		most := kept(rates, p99)
		about := fmt.Sprintf("the highest of these rates up to which the p99 is at most %v", punctual)
		if most == 0 {
			about = fmt.Sprintf("this machine, as busy as it is, keeps a p99 of %v at none of these rates", punctual)
		}
		figures = append(figures, named(fmt.Sprintf("open-loop-%d-keeps", n), about, most, "turns/s"))
	}
	return figures, nil
}

// kept returns the highest rate up to which all are punctual, or 0. Rates ascend.
func kept(rates, p99 []float64) (most float64) {
	for i, v := range p99 {
		if v > float64(punctual) {
			break
		}
		most = rates[i]
	}
	return most
}

// keptRate returns the rate that a trial reached, relative to the one that was due. It is
// absent from a trial without a turn.
func keptRate(t results.Trial, _ time.Duration) float64 { return t.Values["kept-rate"] }

// dueP99 returns the p99 of a trial. If it made too few turns, the longest one counts,
// and without any turn the length of its window.
func dueP99(t results.Trial, length time.Duration) float64 {
	for _, unit := range []string{"p99-ns", "max-ns"} {
		if v, ok := t.Values[unit]; ok {
			return v
		}
	}
	return float64(length)
}

// openMedian returns the median of a value over trials of empty turns at a rate.
func openMedian(
	ctx context.Context, n int, rate float64, value func(results.Trial, time.Duration) float64,
) (float64, error) {
	var values []float64
	for seed := range uint64(openTrials) {
		spec := harness.DefaultSpec(cell("empty", n, 0))
		spec.SpinsPerNs, spec.NoProbe, spec.Seed = 1, true, seed
		spec.Rate, spec.Poisson, spec.Windows = rate, true, 0
		spec.Length = max(spec.Length, time.Duration(openTurns/rate*float64(time.Second)))
		trial, err := harness.Execute(ctx, []harness.Suite{Suite()}, spec)
		if err != nil {
			return 0, err
		}
		values = append(values, value(trial, spec.Length))
	}
	return results.Median(values), nil
}
