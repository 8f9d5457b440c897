package results

import (
	"math/rand/v2"
	"slices"
)

// sums are all sums of an element of x and an element of y, in ascending order. They are
// not held, since there is one for every pair.
//
// The k-th of them is selected as in Monahan, Algorithm 616: fast computation of the
// Hodges–Lehmann location estimator, ACM TOMS 10(3), 1984: a random sum that may still be
// the k-th divides the others, and those on the wrong side are dropped. That takes
// O(n log n) expected time and O(n) memory.
type sums struct {
	x, y  []float64 // ascending, without NaN and infinities
	half  bool      // y is x, and a pair counts once, whatever its order
	held  []float64 // all sums, if there are few
	n     int
	limit int   // of the sums that are held and sorted
	first []int // by element of x: the elements of y whose sums may be the k-th
	end   []int
}

// Up to fewSums are held and sorted, or fewEach for each element of the samples if that is
// more.
const (
	fewSums = 1000
	fewEach = 4
)

// walshSums returns the sums of each two elements of a sample, and of each element with
// itself. Half of them are the Walsh averages.
func walshSums(values []float64) *sums {
	x := slices.Clone(values)
	slices.Sort(x)
	return newSums(x, x, len(x)*(len(x)+1)/2, true)
}

// differenceSums returns how far each element of b lies above each element of a.
func differenceSums(a, b []float64) *sums {
	x, y := make([]float64, len(a)), slices.Clone(b)
	for i, v := range a {
		x[i] = -v
	}
	slices.Sort(x)
	slices.Sort(y)
	return newSums(x, y, len(x)*len(y), false)
}

func newSums(x, y []float64, n int, half bool) *sums {
	s := &sums{x: x, y: y, half: half, n: n, limit: max(fewSums, fewEach*(len(x)+len(y)))}
	if n <= s.limit {
		s.reset()
		s.held = s.candidates(n)
	}
	return s
}

// reset makes every sum a candidate.
func (s *sums) reset() {
	if s.first == nil {
		s.first, s.end = make([]int, len(s.x)), make([]int, len(s.x))
	}
	for i := range s.x {
		s.first[i], s.end[i] = s.from(i), len(s.y)
	}
}

// from returns the first element of y that x[i] makes a pair with.
func (s *sums) from(i int) int {
	if s.half {
		return i
	}
	return 0
}

// candidates returns the sums that are left, in order.
func (s *sums) candidates(n int) []float64 {
	all := make([]float64, 0, n)
	for i, x := range s.x {
		for _, y := range s.y[s.first[i]:s.end[i]] {
			all = append(all, x+y)
		}
	}
	slices.Sort(all)
	return all
}

// at returns the k-th sum, from 0.
func (s *sums) at(k int) float64 {
	if s.held != nil {
		return s.held[k]
	}
	s.reset()
	rng := rand.New(rand.NewPCG(1, 1)) // the result does not depend on it
	below, left := 0, s.n              // sums that were dropped because they are smaller; candidates
	for left > s.limit {
		pivot := s.candidate(rng.IntN(left))
		less, most := s.count(pivot, false), s.count(pivot, true)
		switch {
		case k < less:
			s.cut(s.end, pivot, false)
			left = less - below
		case k >= most:
			s.cut(s.first, pivot, true)
			left -= most - below
			below = most
		default:
			return pivot
		}
	}
	return s.candidates(left)[k-below]
}

// candidate returns the n-th sum that is left, in no particular order.
func (s *sums) candidate(n int) float64 {
	for i, first := range s.first {
		size := s.end[i] - first
		if n < size {
			return s.x[i] + s.y[first+n]
		}
		n -= size
	}
	panic("results: there are fewer sums than were counted")
}

// count returns how many sums lie below the pivot, those that equal it included or not.
func (s *sums) count(pivot float64, equal bool) (n int) {
	s.walk(pivot, equal, func(i, end int) { n += end - s.from(i) })
	return n
}

// cut sets the bounds of the candidates to the sums below the pivot.
func (s *sums) cut(bounds []int, pivot float64, equal bool) {
	s.walk(pivot, equal, func(i, end int) { bounds[i] = end })
}

// walk calls see for every element of x with the end of the elements of y whose sums lie
// below the pivot. That end falls as x rises, so one pass over both samples is enough.
func (s *sums) walk(pivot float64, equal bool, see func(i, end int)) {
	end := len(s.y)
	for i, x := range s.x {
		for end > 0 && (x+s.y[end-1] > pivot || !equal && x+s.y[end-1] == pivot) {
			end--
		}
		see(i, max(end, s.from(i)))
	}
}

// median returns the middle sum, or the mean of the two in the middle.
func (s *sums) median() float64 {
	lower := s.at((s.n - 1) / 2)
	if s.n%2 == 1 {
		return lower
	}
	return (lower + s.at(s.n/2)) / 2
}

// ends returns the k-th sum from either end. With k = 0 the interval is unbounded, and the
// outermost sums stand in for it.
func (s *sums) ends(k int) (low, high float64, exact bool) {
	if k < 1 {
		return s.at(0), s.at(s.n - 1), false
	}
	k = min(k, (s.n+1)/2)
	return s.at(k - 1), s.at(s.n - k), true
}
