// Package load holds what workloads of all contracts share: parameters, choices among
// keys, and ways to play rounds and to check order and starvation.
package load

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sort"

	"github.com/contendbench/contend/harness"
)

// maxNs bounds the parameters that are times: one second.
const maxNs = 1_000_000_000

// The common parameters.
var (
	Goroutines = harness.Param[int]{
		Key: "goroutines", About: "workers, 1 to 100000", Default: 8, Valid: harness.Between(1, 100_000), Crowd: true,
	}
	Hold = harness.Param[int]{
		Key: "hold-ns", About: "work inside the section, ns", Default: 0, Valid: harness.Between(0, maxNs),
	}
	Think = harness.Param[int]{
		Key: "think-ns", About: "work between turns, ns", Default: 0, Valid: harness.Between(0, maxNs),
	}
	Yield = harness.Param[int]{
		Key: "yield", About: "one section in this many yields the processor, 0: none", Default: 0, Valid: harness.AtLeast(0),
	}
	Theta = harness.Param[float64]{
		Key: "theta", About: "skew of a zipf choice, 0 (uniform) to 1.5", Default: 0.9, Valid: harness.Between(0.0, 1.5),
	}
)

// The parameters of recorded histories.
var (
	Clients = harness.Param[int]{
		Key: "clients", About: "goroutines of a history, 1 to 8", Default: 3, Valid: harness.Between(1, 8), Crowd: true,
	}
	Calls = harness.Param[int]{
		Key: "calls", About: "calls of each client, 1 to 100", Default: 6, Valid: harness.Between(1, 100),
	}

	History = []harness.AnyParam{Clients, Calls}
)

// Once is a list of one point: all parameters at their defaults.
var Once = []harness.Grid{harness.Over()}

// Yields yields the processor in one of every k turns; k = 0 is never.
func Yields(turn uint64, k int) {
	if k > 0 && turn%uint64(k) == 0 {
		runtime.Gosched()
	}
}

// Zipf is a choice among items, item i with a weight of 1/(i+1)^theta: the running sums
// of the weights. Making one computes a power for each item.
type Zipf []float64

// NewZipf makes a choice among n items.
func NewZipf(n int, theta float64) Zipf {
	z := make(Zipf, n)
	sum := 0.0
	for i := range z {
		sum += math.Pow(float64(i+1), -theta)
		z[i] = sum
	}
	return z
}

// Draw returns count picks, so that a measured loop draws no random numbers.
func (z Zipf) Draw(rng *rand.Rand, count int) []int32 {
	last := len(z) - 1
	picks := make([]int32, count)
	for i := range picks {
		picks[i] = int32(min(sort.SearchFloat64s(z, rng.Float64()*z[last]), last))
	}
	return picks
}

// Choices returns count picks out of n items, for a caller that makes the choice once.
func Choices(rng *rand.Rand, n int, theta float64, count int) []int32 {
	return NewZipf(n, theta).Draw(rng, count)
}
