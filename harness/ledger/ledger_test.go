package ledger

import (
	"math"
	"testing"
)

// The intervals are those of Brown, Cai and DasGupta, Interval Estimation for a Binomial
// Proportion, Statistical Science 16(2), 2001, as any statistics package computes them.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{
		{20, 20, 0.8389, 1},
		{19, 20, 0.7639, 0.9911},
		{0, 20, 0, 0.1611},
		{5, 10, 0.2366, 0.7634},
		{0, 0, 0, 1},
	} {
		low, high := wilson(c.k, c.n)
		if math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("wilson(%d, %d): got %.4f to %.4f, want %.4f to %.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}
