package load

import (
	"math/bits"
	"math/rand/v2"
)

// block is the length of the blocks that many structures are made of.
const block = 64

// Size draws a size from 1 to most. It prefers most itself, and sizes at and next to powers
// of two and multiples of 64, where rings and blocks end.
func Size(rng *rand.Rand, most int) int {
	n := most
	switch rng.IntN(4) {
	case 0:
		n = 1 + rng.IntN(most)
	case 1:
		n = 1<<rng.IntN(bits.Len(uint(most))) + rng.IntN(3) - 1
	case 2:
		n = block*(1+rng.IntN(most/block+1)) + rng.IntN(3) - 1
	}
	return min(max(n, 1), most)
}
