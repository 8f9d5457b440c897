package results

import (
	"cmp"
	"math"
	"slices"

	"github.com/aclements/go-moremath/stats"
)

// This file has Wilcoxon's signed-rank and rank-sum tests, with the estimates and
// intervals that belong to them. Source: Hollander, Wolfe and Chicken, Nonparametric
// Statistical Methods, 3rd edition, 2014, §§3.1–3.3 and §§4.1–4.3.

// maxExact is the largest number of pairs for which the null distribution is enumerated.
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
		return min(1, 2*atMost(ranks, total, smaller))
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
func atMost(ranks []int, total, t int) float64 {
	ways := make([]float64, total+1) // as probabilities, since counts would overflow
	ways[0] = 1
	sum := 0
	for _, r := range ranks {
		sum += r
		for s := sum; s >= 0; s-- {
			ways[s] /= 2
			if s >= r {
				ways[s] += ways[s-r] / 2
			}
		}
	}
	p := 0.0
	for _, w := range ways[:t+1] {
		p += w
	}
	return p
}

// hodgesLehmann returns the median of the Walsh averages of d, and the interval at
// 1-alpha that inverts the signed-rank test. If there are too few differences for that
// alpha, exact is false.
func hodgesLehmann(d []float64, alpha float64) (estimate, low, high float64, exact bool) {
	var walsh []float64
	for i := range d {
		for j := range i + 1 {
			walsh = append(walsh, (d[i]+d[j])/2)
		}
	}
	if len(walsh) == 0 {
		return 0, 0, 0, false
	}
	slices.Sort(walsh)
	k := signedRankQuantile(len(d), alpha/2)
	low, high, exact = ends(walsh, k)
	return Median(walsh), low, high, exact
}

// ends returns the k-th value from either end. With k = 0 the interval is unbounded, and
// the outermost values stand in for it.
func ends(sorted []float64, k int) (low, high float64, exact bool) {
	if k < 1 {
		return sorted[0], sorted[len(sorted)-1], false
	}
	k = min(k, (len(sorted)+1)/2)
	return sorted[k-1], sorted[len(sorted)-k], true
}

// signedRankQuantile returns the largest k for which P(T ≤ k-1) ≤ tail.
func signedRankQuantile(n int, tail float64) int {
	total := n * (n + 1) / 2
	if n > maxExact {
		mean, sd := float64(total)/2, math.Sqrt(float64(n*(n+1)*(2*n+1))/24)
		return max(int(mean+math.Sqrt2*math.Erfinv(2*tail-1)*sd), 0)
	}
	ranks := make([]int, n)
	for i := range ranks {
		ranks[i] = i + 1
	}
	k := 0
	for k < total && atMost(ranks, total, k) <= tail {
		k++
	}
	return k
}

// shift returns the two-sample Hodges–Lehmann estimate of how far b lies above a, and the
// interval at 1-alpha that inverts the rank-sum test.
func shift(a, b []float64, alpha float64) (estimate, low, high float64, exact bool) {
	var differences []float64
	for _, x := range a {
		for _, y := range b {
			differences = append(differences, y-x)
		}
	}
	if len(differences) == 0 {
		return 0, 0, 0, false
	}
	slices.Sort(differences)
	u := stats.UDist{N1: len(a), N2: len(b)}
	k := 0
	if len(a)+len(b) <= 2*maxExact {
		for k < len(differences)/2 && u.CDF(float64(k)) <= alpha/2 {
			k++
		}
	} else {
		n, m := float64(len(a)), float64(len(b))
		k = int(n*m/2 + math.Sqrt2*math.Erfinv(alpha-1)*math.Sqrt(n*m*(n+m+1)/12))
	}
	low, high, exact = ends(differences, k)
	return Median(differences), low, high, exact
}
