package results

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aclements/go-moremath/stats"
)

// enumerate returns the two-sided p-value from all sign patterns of the differences.
func enumerate(d []float64) float64 {
	var sizes []float64
	for _, v := range d {
		if v != 0 {
			sizes = append(sizes, math.Abs(v))
		}
	}
	rank := func(v float64) (r float64) { // mid-rank
		for _, s := range sizes {
			if s < v {
				r++
			} else if s == v {
				r += 0.5
			}
		}
		return r + 0.5
	}
	var total, positive float64
	for _, s := range sizes {
		total += rank(s)
	}
	for _, v := range d {
		if v > 0 {
			positive += rank(v)
		}
	}
	smaller, hits := math.Min(positive, total-positive), 0
	for pattern := range 1 << len(sizes) {
		sum := 0.0
		for i, s := range sizes {
			if pattern>>i&1 == 1 {
				sum += rank(s)
			}
		}
		if sum <= smaller+1e-9 {
			hits++
		}
	}
	return math.Min(1, 2*float64(hits)/float64(int(1)<<len(sizes)))
}

func TestSignedRankIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		d := make([]float64, 1+rng.IntN(11))
		for i := range d {
			d[i] = float64(rng.IntN(9) - 3) // ties and zeros among them
		}
		if got, want := signedRank(d), enumerate(d); math.Abs(got-want) > 1e-12 {
			t.Fatalf("signedRank(%v): got %v, want %v", d, got, want)
		}
	}
}

// The smallest two-sided p of n pairs is 2/2ⁿ: 0.0078 with 8 and 0.0039 with 9.
func TestSmallestP(t *testing.T) {
	for n, want := range map[int]float64{6: 0.03125, 8: 0.0078125, 9: 0.00390625, 12: 2.0 / 4096} {
		d := make([]float64, n)
		for i := range d {
			d[i] = float64(i + 1)
		}
		if got := signedRank(d); math.Abs(got-want) > 1e-12 {
			t.Errorf("n = %d: got %v, want %v", n, got, want)
		}
	}
}

// The large-sample approximation, with its corrections for ties and for continuity, agrees
// with the enumeration where both are feasible.
func TestSignedRankApproximation(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, steps := range []float64{0, 2, 10} { // values to a unit, which makes ties; 0: none
		for n := maxExact + 1; n < 120; n += 7 {
			for _, slope := range []float64{0, 0.2, 0.4} {
				d := make([]float64, n)
				for i := range d {
					d[i] = rng.NormFloat64() + slope
					if steps > 0 {
						d[i] = math.Round(d[i]*steps) / steps
					}
				}
				ranks, positive := doubledRanks(d)
				if len(ranks) <= maxExact { // zeros do not count
					continue
				}
				total := 0
				for _, r := range ranks {
					total += r
				}
				exact := math.Min(1, 2*atMost(ranks, min(positive, total-positive)))
				if got := signedRank(d); math.Abs(got-exact) > 0.004 || exact < 0.05 && got < 0.999*exact {
					t.Errorf("%d differences in steps of 1/%v: got p = %v, want about %v", n, steps, got, exact)
				}
			}
		}
	}
}

// The approximate quantiles are those of the enumeration, or a little further out.
func TestQuantileApproximation(t *testing.T) {
	for n := maxExact + 1; n < 100; n += 3 {
		for _, tail := range []float64{0.005, 0.025} {
			ranks := make([]int, n)
			for i := range ranks {
				ranks[i] = i + 1
			}
			want, p := 0, 0.0
			for _, w := range subsetSums(ranks, n*(n+1)/2) {
				if p += w; p > tail {
					break
				}
				want++
			}
			if got := signedRankQuantile(n, tail); got < want-5 || got > want {
				t.Errorf("n = %d, tail %v: got %d, want about %d", n, tail, got, want)
			}
		}
	}
}

// The quantiles that are remembered are those of a search from 0.
func TestQuantilesByHand(t *testing.T) {
	for _, c := range []struct{ n, m int }{{1, 1}, {3, 4}, {8, 8}, {12, 5}, {20, 31}, {5, 12}, {8, 8}} {
		for _, tail := range []float64{0.005, 0.025, 0.25} {
			u := stats.UDist{N1: c.n, N2: c.m}
			want := 0
			for want < c.n*c.m/2 && u.CDF(float64(want)) <= tail {
				want++
			}
			if got := rankSumQuantile(c.n, c.m, tail); got != want {
				t.Errorf("%d and %d values, tail %v: got %d, want %d", c.n, c.m, tail, got, want)
			}
		}
	}
	// 5 of the 256 subsets of 1 to 8 have a sum of at most 3, and 7 one of at most 4.
	if got := signedRankQuantile(8, 0.025); got != 4 {
		t.Errorf("8 pairs: got %d, want 4", got)
	}
}

// The least p-value is that of differences of one sign.
func TestSmallestPIsThatOfTheTest(t *testing.T) {
	for n := 1; n <= maxExact; n++ {
		d := make([]float64, n)
		for i := range d {
			d[i] = float64(i + 1)
		}
		if got, want := smallestP(n), signedRank(d); math.Abs(got/want-1) > 1e-9 {
			t.Errorf("%d pairs: got %v, want %v", n, got, want)
		}
	}
}

func TestHodgesLehmannByHand(t *testing.T) {
	// Walsh averages of 1, 2, 6: 1, 1.5, 2, 3.5, 4, 6.
	estimate, low, high, exact := hodgesLehmann([]float64{6, 1, 2}, 0.01)
	if estimate != 2.75 || low != 1 || high != 6 || exact {
		t.Errorf("got %v (%v to %v, exact %v), want 2.75 (1 to 6, exact false)", estimate, low, high, exact)
	}
	if estimate, _, _, _ := shift([]float64{1, 2}, []float64{4, 8}, 0.01); estimate != 4.5 { // 2, 3, 6, 7
		t.Errorf("shift: got %v, want 4.5", estimate)
	}
}

// The interval excludes zero exactly when the test rejects at the same level, since it
// inverts the test.
func TestIntervalInvertsTest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for try := range 500 {
		d := make([]float64, 8+rng.IntN(20))
		shift := 0.7
		if try%5 == 0 { // beyond the exact distribution
			d, shift = make([]float64, maxExact+1+rng.IntN(40)), 0.25
		}
		for i := range d {
			d[i] = rng.NormFloat64() + shift
		}
		const alpha = 0.05
		_, low, high, _ := hodgesLehmann(d, alpha)
		if excludes := low > 0 || high < 0; excludes != (signedRank(d) <= alpha) {
			t.Fatalf("%v: got interval %v to %v and p = %v, want them to agree at %v",
				d, low, high, signedRank(d), alpha)
		}
	}
}

// binomialLimit returns the number of n events with probability p that is 4 standard
// deviations above the mean.
func binomialLimit(n int, p float64) float64 {
	return float64(n)*p + 4*math.Sqrt(float64(n)*p*(1-p))
}

// Over many pairs without a difference, each test rejects no more often than it promises,
// even with heavy tails.
func TestNullRates(t *testing.T) {
	const pairs, alpha = 2000, 0.05
	draw := map[string]func(*rand.Rand) float64{
		"normal": func(r *rand.Rand) float64 { return r.NormFloat64() },
		"heavy":  func(r *rand.Rand) float64 { return r.NormFloat64() / math.Max(r.Float64(), 0.01) },
	}
	for name, f := range draw {
		rng := rand.New(rand.NewPCG(4, 4))
		signed, ranked, missed := 0, 0, 0
		for range pairs {
			var a, b, d []float64
			for range 12 {
				x, y := f(rng), f(rng)
				a, b, d = append(a, x), append(b, y), append(d, y-x)
			}
			if signedRank(d) < alpha {
				signed++
			}
			if _, low, high, _ := hodgesLehmann(d, alpha); low > 0 || high < 0 {
				missed++
			}
			if _, low, high, _ := shift(a, b, alpha); low > 0 || high < 0 {
				ranked++
			}
		}
		for what, n := range map[string]int{"signed rank": signed, "interval": missed, "two samples": ranked} {
			if limit := binomialLimit(pairs, alpha); float64(n) > limit || n < pairs/100 {
				t.Errorf("%s, %s: got %d of %d rejected, want %d to %.0f", name, what, n, pairs, pairs/100, limit)
			}
		}
	}
}

func TestRegimesOfANormalSampleAreOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, n := range []int{8, 9, 12, 16, 24, 48} {
		const samples = 3000
		found := 0
		for range samples {
			values := make([]float64, n)
			for i := range values {
				values[i] = math.Exp(0.05 * rng.NormFloat64())
			}
			if SplitRegimes(values).Two {
				found++
			}
		}
		if limit := binomialLimit(samples, 0.01); float64(found) > limit {
			t.Errorf("n = %d: got %d of %d normal samples split, want at most %.0f", n, found, samples, limit)
		}
	}
}

func TestTwoRegimesAreFound(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	var values []float64
	for i := range 12 {
		centre := 52.0
		if i%3 == 0 {
			centre = 138
		}
		values = append(values, centre*math.Exp(0.03*rng.NormFloat64()))
	}
	r := SplitRegimes(values)
	if !r.Two || math.Abs(r.Low.Median-52) > 5 || math.Abs(r.High.Median-138) > 12 || r.High.N != 4 {
		t.Errorf("got %+v, want modes at 52 and 138, the upper one with 4 values", r)
	}
}

func TestProbeRegime(t *testing.T) {
	var trials []Trial
	for i := range 20 {
		hop := 55 + float64(i%3)
		if i%4 == 0 {
			hop = 400 + float64(i)
		}
		trials = append(trials, Trial{Probe: Probe{HopNs: hop}})
	}
	near, two := ProbeRegime(trials)
	if !two || near(trials[0]) || !near(trials[1]) {
		t.Errorf("got two = %v with near %v and %v, want two regimes with far and near",
			two, near(trials[0]), near(trials[1]))
	}
	trials = slices.DeleteFunc(trials, func(t Trial) bool { return t.Probe.HopNs > 100 })
	if _, two := ProbeRegime(trials); two {
		t.Error("trials of one regime: got two regimes, want one")
	}
}
