package cas

import "math/rand/v2"

// extremes are words that are easily mixed up: negative, equal in their low 32 bits, or
// equal but for one bit.
var extremes = []uint64{0, 1, 2, 3, 1 << 31, 1<<32 - 1, 1 << 32, 1<<32 + 1, 1 << 62, 1 << 63, 1<<63 + 1, ^uint64(0)}

func extreme(rng *rand.Rand) uint64 { return extremes[rng.IntN(len(extremes))] }

// beside returns a word that differs from this one, mostly in one bit.
func beside(rng *rand.Rand, word uint64) uint64 {
	if other := extreme(rng); other != word && rng.IntN(2) == 0 {
		return other
	}
	return word ^ 1<<rng.IntN(64)
}
