package txn

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/contendbench/contend/workloads/load"
)

// The sure keys are those without a gap below them.
func TestKeySpace(t *testing.T) {
	k := newKeySpace(10)
	for range 4 {
		k.take()
	}
	for _, c := range []struct {
		keys []uint64
		want uint64
	}{{[]uint64{11}, 10}, {[]uint64{13}, 10}, {[]uint64{10}, 12}, {[]uint64{12}, 14}} {
		if k.committed(c.keys); k.sure.Load() != c.want {
			t.Errorf("after %d: got all below %d, want all below %d", c.keys, k.sure.Load(), c.want)
		}
	}
	if got := k.take(); got != 14 {
		t.Errorf("the next key: got %d, want 14", got)
	}
}

// The draws follow Zipf's law, by Pearson's chi-square test. Ranks that are expected less
// than 50 times count together.
func TestZipf(t *testing.T) {
	const size, count = 1000, 200_000
	for _, theta := range []float64{0, 0.6, 0.99} {
		weights, sum := make([]float64, size), 0.0
		for i := range weights {
			weights[i] = math.Pow(float64(i+1), -theta)
			sum += weights[i]
		}
		got := make([]float64, size)
		for _, rank := range load.NewZipf(size, theta).Draw(rand.New(rand.NewPCG(7, 7)), count) {
			got[rank]++
		}
		square, freedom := 0.0, -1.0
		var restGot, restWant float64
		cell := func(got, want float64) {
			square += (got - want) * (got - want) / want
			freedom++
		}
		for i := range got {
			want := count * weights[i] / sum
			if want < 50 {
				restGot, restWant = restGot+got[i], restWant+want
				continue
			}
			cell(got[i], want)
			if i < 10 && math.Abs(got[i]-want) > 5*math.Sqrt(want) {
				t.Errorf("theta %v: got rank %d %v times, want %.0f", theta, i, got[i], want)
			}
		}
		if restWant > 0 {
			cell(restGot, restWant)
		}
		// Wilson and Hilferty: the cube root of a chi-square over its freedom is about normal.
		z := (math.Cbrt(square/freedom) - 1 + 2/(9*freedom)) / math.Sqrt(2/(9*freedom))
		if z > 4 {
			t.Errorf("theta %v: got chi-square %.0f at %v degrees of freedom, want less", theta, square, freedom)
		}
	}
}
