package results

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// plainWalsh returns all sums of two elements of a sample, each element with itself among
// them.
func plainWalsh(d []float64) (all []float64) {
	for i := range d {
		for j := range i + 1 {
			all = append(all, d[i]+d[j])
		}
	}
	slices.Sort(all)
	return all
}

// plainDifferences returns how far each element of b lies above each one of a.
func plainDifferences(a, b []float64) (all []float64) {
	for _, x := range a {
		for _, y := range b {
			all = append(all, y-x)
		}
	}
	slices.Sort(all)
	return all
}

// checkSums compares every selected sum with the sorted ones, as few sums are held and as
// many are not.
func checkSums(t *testing.T, s *sums, want []float64) {
	t.Helper()
	checkSelection(t, s, want)
	s.held, s.limit = nil, 1
	checkSelection(t, s, want)
}

func checkSelection(t *testing.T, s *sums, want []float64) {
	t.Helper()
	if s.n != len(want) {
		t.Fatalf("got %d sums, want %d", s.n, len(want))
	}
	for k := 0; k < len(want); k += 1 + len(want)/200 {
		w := want[k]
		if got := s.at(k); got != w {
			t.Fatalf("%v and %v: sum %d: got %v, want %v", s.x, s.y, k, got, w)
		}
	}
	if got := s.median(); got != Median(want) {
		t.Fatalf("%v and %v: median: got %v, want %v", s.x, s.y, got, Median(want))
	}
	for _, k := range []int{0, 1, 2, len(want) / 3, len(want)} {
		low, high := want[0], want[len(want)-1]
		if k > 0 {
			at := min(k, (len(want)+1)/2)
			low, high = want[at-1], want[len(want)-at]
		}
		if l, h, exact := s.ends(k); l != low || h != high || exact != (k > 0) {
			t.Fatalf("%v and %v: ends %d: got %v, %v, %v, want %v, %v, %v", s.x, s.y, k, l, h, exact, low, high, k > 0)
		}
	}
}

// Selection finds what sorting all sums finds, with many ties and without, and for samples
// that lie apart.
func TestSelectedSumsAreTheSortedOnes(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for n := 1; n <= 60; n++ {
		for _, draw := range []func() float64{
			rng.NormFloat64,
			func() float64 { return float64(rng.IntN(3)) },
			func() float64 { return math.Exp(20 * rng.NormFloat64()) },
			func() float64 { return float64(rng.IntN(2)) * 1e300 },
			func() float64 { return 0 },
		} {
			a, b := make([]float64, n), make([]float64, 1+rng.IntN(60))
			for i := range a {
				a[i] = draw()
			}
			for i := range b {
				b[i] = draw() + float64(n%3)
			}
			checkSums(t, walshSums(a), plainWalsh(a))
			checkSums(t, differenceSums(a, b), plainDifferences(a, b))
		}
	}
}

// FuzzSums selects from samples of any finite values.
func FuzzSums(f *testing.F) {
	f.Add([]byte("0123456789abcdefghijklmnopqrstuvwxyz"), uint8(2))
	f.Add(make([]byte, 8*40), uint8(7))
	f.Fuzz(func(t *testing.T, text []byte, split uint8) {
		var values []float64
		for ; len(text) >= 8 && len(values) < 60; text = text[8:] {
			v := math.Float64frombits(binary.LittleEndian.Uint64(text))
			if math.Abs(v) < 1e300 { // no sum overflows
				values = append(values, v)
			}
		}
		at := min(int(split), len(values))
		if len(values) > 0 {
			checkSums(t, walshSums(values), plainWalsh(values))
		}
		if a, b := values[:at], values[at:]; len(a) > 0 && len(b) > 0 {
			checkSums(t, differenceSums(a, b), plainDifferences(a, b))
		}
	})
}

// allocated returns how many bytes f allocates.
func allocated(f func()) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}

// grows fails if four times the size takes more than six times the memory. What is
// quadratic takes sixteen times.
func grows(t *testing.T, what string, size int, f func(n int)) {
	t.Helper()
	f(size) // what is made once
	small, large := allocated(func() { f(size) }), allocated(func() { f(4 * size) })
	if large > 6*small {
		t.Errorf("%s: got %.0f bytes for %d and %.0f for %d, want at most six times as many",
			what, small, size, large, 4*size)
	}
}

// A comparison of two rows takes memory in proportion to their trials.
func TestMemoryOfAComparisonIsLinear(t *testing.T) {
	sample := func(n int, shift float64) []Trial {
		rng := rand.New(rand.NewPCG(8, 8))
		values := make([]float64, n)
		for i := range values {
			values[i] = math.Exp(0.1*rng.NormFloat64() + shift)
		}
		return trials("a", values...)
	}
	grows(t, "paired rows", 500, func(n int) { Paired("", sample(n, 0), sample(n, 0.01), Options{}) })
	grows(t, "unpaired rows", 500, func(n int) { Unpaired("", sample(n, 0), sample(n, 0.01), Options{}) })
}

// Two rows of many trials have the estimate that they were made with.
func TestRowsOfManyTrials(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	a, b := make([]float64, 30_000), make([]float64, 20_000)
	for i := range a {
		a[i] = math.Exp(0.1 * rng.NormFloat64())
	}
	for i := range b {
		b[i] = 1.05 * math.Exp(0.1*rng.NormFloat64())
	}
	for _, c := range []Comparison{
		Unpaired("", trials("a", a...), trials("b", b...), Options{}),
		Paired("", trials("a", a...), trials("b", b...), Options{}),
	} {
		if math.Abs(c.Ratio-1.05) > 0.005 || c.Low > 1.05 || c.High < 1.05 || c.High-c.Low > 0.01 {
			t.Errorf("paired %v: got %v (%v to %v), want 1.05 and a narrow interval", c.Paired, c.Ratio, c.Low, c.High)
		}
	}
}

// Pairs that share layouts take work in proportion to their number, also if each of many
// layouts serves two of them.
func TestManyLayoutsAreMerged(t *testing.T) {
	const n = 100_000
	logs, pairs := make([]float64, n), make([]layoutPair, n)
	for i := range logs {
		logs[i] = float64(i)
		pairs[i] = layoutPair{uint64(i / 2), uint64((i + 1) / 2)} // a chain of all pairs
	}
	if got, layouts := byLayout(logs, pairs); layouts != 1 || len(got) != 1 || got[0] != float64(n-1)/2 {
		t.Errorf("got %d observations of %d layouts, want the median of all pairs", len(got), layouts)
	}
}
