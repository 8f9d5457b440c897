package load

import (
	"math/rand/v2"
	"testing"
)

func TestChoicesFollowZipf(t *testing.T) {
	const n, count = 10, 100_000
	for _, theta := range []float64{0, 0.9} {
		counts := make([]int, n)
		for _, c := range Choices(rand.New(rand.NewPCG(1, 1)), n, theta, count) {
			counts[c]++
		}
		// Item 4 has 5^-θ of item 0's weight.
		want := map[float64]float64{0: 1, 0.9: 0.2349}[theta]
		if got := float64(counts[4]) / float64(counts[0]); got < want*0.95 || got > want*1.05 {
			t.Errorf("theta %v: the fifth item has %.3f of the first's share, want %.3f", theta, got, want)
		}
	}
}
