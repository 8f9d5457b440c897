package results

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// The least p of n pairs is 2/2^n, and that with one pair against the others is as many
// subsets of 1 to n as have a sum of at most n: 1, 1, 1, 2, 2, 3, 4, 5, 6 for sums to 8.
func TestPairsNeeded(t *testing.T) {
	for n := 1; n <= 20; n++ {
		if got, want := smallestP(n), math.Min(1, 2/math.Exp2(float64(n))); math.Abs(got-want) > 1e-15 {
			t.Errorf("%d pairs: got a least p of %v, want %v", n, got, want)
		}
	}
	if got, want := signedRank(oneAgainst(8)), 2*25.0/256; math.Abs(got-want) > 1e-15 {
		t.Errorf("one pair of 8 against the others: got p = %v, want %v", got, want)
	}
	for _, c := range []struct {
		rows  int
		alpha float64
		want  int
	}{{0, 0.01, 15}, {1, 0.01, 15}, {8, 0.01, 19}, {28, 0.01, 22}, {100, 0.01, 24}, {1, 0.05, 12}, {1, 0.9, 8}} {
		got := PairsNeeded(c.rows, c.alpha)
		if got != c.want {
			t.Errorf("%d rows at %v: got %d pairs, want %d", c.rows, c.alpha, got, c.want)
		}
		if least := math.Log2(2 * float64(c.rows) / c.alpha); float64(got) < least {
			t.Errorf("%d rows at %v: got %d pairs, want at least %.1f", c.rows, c.alpha, got, least)
		}
	}
}

// family returns rows of pairs that differ in nothing, but for one whose new side is 250
// times slower. against is the rank of a pair that contradicts it; 0: none.
func family(rng *rand.Rand, rows, pairs, against int, o Options) []Comparison {
	var out []Comparison
	for row := range rows {
		old, new := make([]float64, pairs), make([]float64, pairs)
		for i := range pairs {
			old[i], new[i] = 100*math.Exp(0.1*rng.NormFloat64()), 100*math.Exp(0.1*rng.NormFloat64())
			if row > 0 {
				continue
			}
			new[i] *= 250 * math.Exp(float64(i))
			if i+1 == against {
				old[i], new[i] = new[i], old[i]
			}
		}
		out = append(out, Paired(fmt.Sprintf("row %d", row), trials("a", old...), trials("a", new...), o))
	}
	Adjust(out, o)
	return out
}

// With the pairs that the number of rows needs, one row 250 times slower is always found
// among rows without a difference, even if one pair contradicts it.
func TestTheNeededPairsFindOneSlowRow(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	o := Options{Unit: "ns/op"}
	for _, rows := range []int{1, 8, 28, 100} {
		n := PairsNeeded(rows, 0.01)
		for against := range n + 1 {
			slow := family(rng, rows, n, against, o)[0]
			if slow.Outcome != Different || !slow.Regression() {
				t.Errorf("%d rows, %d pairs, pair %d against: got %s (%s), want different",
					rows, n, against, slow.Outcome, slow.Reason)
			}
		}
	}
}

// A row that looks like a difference and is not called one says why, and what would do.
func TestASilentRowSaysWhy(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, c := range []struct {
		pairs, against int
		says           []string
	}{
		{9, 0, []string{"9 pairs cannot tell one row among 28", "22 can"}},
		{14, 2, []string{"after correction over 28 rows, is not below 0.01"}},
	} {
		slow := family(rng, 28, c.pairs, c.against, Options{Unit: "ns/op"})[0]
		warnings := strings.Join(slow.Warnings, "\n")
		if slow.Outcome != Inconclusive {
			t.Errorf("%d pairs: got %s, want inconclusive", c.pairs, slow.Outcome)
		}
		for _, want := range append(c.says, "row 0 is not called different") {
			if !strings.Contains(warnings, want) {
				t.Errorf("%d pairs: got warnings %q, want %q in them", c.pairs, warnings, want)
			}
		}
	}
}
