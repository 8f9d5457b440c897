package results

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"github.com/aclements/go-moremath/stats"
)

// This file has Wilcoxon's signed-rank and rank-sum tests, with the estimates and
// intervals that belong to them. Source: Hollander, Wolfe and Chicken, Nonparametric
// Statistical Methods, 3rd edition, 2014, §§3.1–3.3 and §§4.1–4.3.

// maxExact is the largest number of pairs for which the null distribution is enumerated.
// Beyond it, the normal approximation with the corrections for ties and for continuity
// stands in. Its p-values are off by less than 0.004 there. Those below 0.05 are not below
// the exact ones, so the approximation claims no more than the enumeration.
const maxExact = 60

// signedRank returns the two-sided p-value of the hypothesis that the differences are
// symmetric about 0. It drops zeros. Ties share their mean rank and are enumerated
// exactly.
func signedRank(d []float64) float64 {
	ranks, positive := doubledRanks(d)
	n := len(ranks)
	if n == 0 {
		return 1
	}
	total := 0
	for _, r := range ranks {
		total += r
	}
	smaller := min(positive, total-positive)
	if n <= maxExact {
		return min(1, 2*atMost(ranks, smaller))
	}
	var squares float64 // of the ranks; they give the variance that is corrected for ties
	for _, r := range ranks {
		squares += float64(r) / 2 * float64(r) / 2
	}
	z := (float64(total)/4 - float64(smaller)/2 - 0.5) / math.Sqrt(squares/4)
	return min(1, math.Erfc(max(z, 0)/math.Sqrt2))
}

// doubledRanks returns twice the mid-rank of every difference that is not zero; it is an
// integer. The second result is their sum over the positive differences.
func doubledRanks(d []float64) (ranks []int, positive int) {
	var values []float64
	for _, v := range d {
		if v != 0 {
			values = append(values, v)
		}
	}
	slices.SortFunc(values, func(a, b float64) int { return cmp.Compare(math.Abs(a), math.Abs(b)) })
	for first := 0; first < len(values); {
		end := first
		for end < len(values) && math.Abs(values[end]) == math.Abs(values[first]) {
			end++
		}
		for _, v := range values[first:end] {
			ranks = append(ranks, first+1+end) // twice the mean of first+1 … end
			if v > 0 {
				positive += first + 1 + end
			}
		}
		first = end
	}
	return ranks, positive
}

// atMost returns the probability that the sum of a random subset of ranks is at most t.
func atMost(ranks []int, t int) float64 {
	p := 0.0
	for _, w := range subsetSums(ranks, t) {
		p += w
	}
	return p
}

// subsetSums returns the probabilities that the sum of a random subset of ranks is 0, 1
// and so on up to t.
func subsetSums(ranks []int, t int) []float64 {
	ways := make([]float64, t+1) // as probabilities, since counts would overflow
	ways[0] = 1
	sum := 0
	for _, r := range ranks {
		sum = min(sum+r, t)
		for s := sum; s >= 0; s-- {
			ways[s] /= 2
			if s >= r {
				ways[s] += ways[s-r] / 2
			}
		}
	}
	return ways
}

// hodgesLehmann returns the median of the Walsh averages of d, and the interval at
// 1-alpha that inverts the signed-rank test. If there are too few differences for that
// alpha, exact is false. The differences are finite.
func hodgesLehmann(d []float64, alpha float64) (estimate, low, high float64, exact bool) {
	if len(d) == 0 {
		return 0, 0, 0, false
	}
	s := walshSums(d)
	low, high, exact = s.ends(signedRankQuantile(len(d), alpha/2))
	return s.median() / 2, low / 2, high / 2, exact
}

// quantiles holds the quantiles that were computed. Rows of equal size share them.
var quantiles sync.Map // from a quantile to an int

type quantile struct {
	n, m int // m is 0 for the signed-rank statistic
	tail float64
}

func (q quantile) or(compute func() int) int {
	if k, ok := quantiles.Load(q); ok {
		return k.(int)
	}
	k := compute()
	quantiles.Store(q, k)
	return k
}

// signedRankQuantile returns the largest k for which P(T ≤ k-1) ≤ tail. Beyond maxExact
// it comes from the normal approximation with the correction for continuity.
func signedRankQuantile(n int, tail float64) int {
	total := n * (n + 1) / 2
	if n > maxExact {
		size := float64(n)
		return normalQuantile(size*(size+1)/4, size*(size+1)*(2*size+1)/24, tail)
	}
	return quantile{n, 0, tail}.or(func() int {
		ranks := make([]int, n)
		for i := range ranks {
			ranks[i] = i + 1
		}
		k, p := 0, 0.0
		for _, w := range subsetSums(ranks, total) {
			if p += w; p > tail {
				break
			}
			k++
		}
		return k
	})
}

// normalQuantile returns the largest k for which P(X ≤ k-1) ≤ tail, for a statistic of
// whole numbers that is about normal.
func normalQuantile(mean, variance, tail float64) int {
	return max(int(math.Floor(mean+math.Sqrt2*math.Erfinv(2*tail-1)*math.Sqrt(variance)+0.5)), 0)
}

// shift returns the two-sample Hodges–Lehmann estimate of how far b lies above a, and the
// interval at 1-alpha that inverts the rank-sum test. The values are finite.
func shift(a, b []float64, alpha float64) (estimate, low, high float64, exact bool) {
	if len(a) == 0 || len(b) == 0 {
		return 0, 0, 0, false
	}
	s := differenceSums(a, b)
	low, high, exact = s.ends(rankSumQuantile(len(a), len(b), alpha/2))
	return s.median(), low, high, exact
}

// rankSumQuantile returns the largest k for which P(U ≤ k-1) ≤ tail. For samples of more
// than 2·maxExact values together it comes from the normal approximation with the
// correction for continuity.
func rankSumQuantile(n, m int, tail float64) int {
	size, other := float64(n), float64(m)
	near := normalQuantile(size*other/2, size*other*(size+other+1)/12, tail)
	if n+m > 2*maxExact {
		return near
	}
	return quantile{min(n, m), max(n, m), tail}.or(func() int {
		u := stats.UDist{N1: n, N2: m}
		k := min(near, n*m/2)
		for k > 0 && u.CDF(float64(k-1)) > tail {
			k--
		}
		for k < n*m/2 && u.CDF(float64(k)) <= tail {
			k++
		}
		return k
	})
}
