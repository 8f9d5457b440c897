package cas

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/counter"
	"github.com/contendbench/contend/workloads/load"
)

// large adds numbers of any size, 0 among them. The sum outgrows 32 bits and, at most
// points, what a float64 can represent.
var large = harness.Workload[counter.New]{
	Load: harness.Load{
		Name: "large", Turn: "addition", About: "n workers add numbers of any size, and the sum outgrows 32 bits",
		Params: []harness.AnyParam{load.Goroutines, sumBits},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 8), sumBits.In(63, 62, 53)),
			harness.Over(harness.Within(load.Goroutines, 9, 300), sumBits.In(63, 62, 53)),
		}},
	},
	Run: runLarge,
}

var sumBits = harness.Param[int]{
	Key: counter.SumBits, About: "bits of the largest sum, 32 to 63", Default: 63, Valid: harness.Between(32, 63),
}

// anyDelta returns a number from 0 to largest; the logarithm of the number after it is
// uniform.
func anyDelta(rng *rand.Rand, largest int64) int64 {
	return int64(math.Exp(rng.Float64()*math.Log(float64(largest+1)))) - 1
}

func runLarge(t *harness.Trial, newCounter counter.New) error {
	n, bits := load.Goroutines.Of(t), sumBits.Of(t)
	largestSum, largestDelta := int64(math.MaxInt64>>(63-bits)), int64(1)<<(bits*4/5)
	return t.Window(func(w *harness.Window) error {
		counters := []counter.Counter{newCounter()}
		var added atomic.Int64
		w.Go("worker", n, func(w *harness.Worker) {
			adders, flush := adders(counters)
			mine, last, most := int64(0), int64(0), largestSum/int64(n)
			for turn := uint64(0); w.Next(); turn++ {
				delta := anyDelta(w.Rand(), largestDelta)
				if delta > most-mine {
					delta = 0
				}
				adders[0].Add(delta)
				mine += delta
				if turn%8 == 0 {
					sum := counters[0].Load()
					if sum < last || sum > largestSum {
						w.Fail(fmt.Errorf("a worker read a sum of %d after one of %d", sum, last))
					}
					last = sum
				}
			}
			flush()
			added.Add(mine)
		})
		w.Check(func() error {
			if got, want := counters[0].Load(), added.Load(); got != want {
				return fmt.Errorf("the sum is %d after additions of %d", got, want)
			}
			return nil
		})
		return nil
	})
}
