package pessimistic

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The stripes of a range are at least those of its keys.
func TestStripesOfRanges(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, bits := range []int{shardBits, mostBits} {
		s := newStriped(bits)
		for range 2000 {
			length := r.Uint64N(3 << bits)
			first := r.Uint64() >> r.IntN(64)
			if r.IntN(8) == 0 {
				first = math.MaxUint64 - length
			}
			last := first + min(length, math.MaxUint64-first)
			set := s.stripesOf(first, last)
			for key := first; ; key++ {
				if !set.has(s.stripeOf(key)) {
					t.Fatalf("the stripes from %d to %d: got none for key %d, want %d", first, last, key, s.stripeOf(key))
				}
				if key == last {
					break
				}
			}
		}
	}
}

// A block of keys has every stripe once.
func TestStripesOfBlocks(t *testing.T) {
	s := newStriped(shardBits)
	n := uint64(len(s.locks))
	for block := range uint64(100) {
		var set stripes
		for key := range n {
			set.add(s.stripeOf(block*n + key))
		}
		if got := len(slices.Collect(set.all())); got != len(s.locks) || set.last() != len(s.locks)-1 {
			t.Errorf("block %d: got %d stripes, the last %d, want all %d", block, got, set.last(), len(s.locks))
		}
	}
}
