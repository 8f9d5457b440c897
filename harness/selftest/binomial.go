package selftest

import "gonum.org/v1/gonum/stat/distuv"

// binomialRange returns the central range of a binomial distribution that has at least 95
// % of it.
func binomialRange(n int, p float64) (low, high int) {
	d := distuv.Binomial{N: float64(n), P: p}
	for low < n && d.CDF(float64(low)) < 0.025 {
		low++
	}
	high = n
	for high > 0 && 1-d.CDF(float64(high-1)) < 0.025 {
		high--
	}
	return low, high
}
