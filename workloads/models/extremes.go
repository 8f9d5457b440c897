package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// words are words that an implementation may take for none, or for one another.
var words = []uint64{
	0, 1, 2, 1 << 31, 1 << 32, 1<<32 + 1, 1<<32 + 2, 1 << 62, 1 << 63, 1<<63 + 1,
	math.MaxUint16, math.MaxUint32, math.MaxInt64, math.MaxUint64 - 1, math.MaxUint64,
}

// Word draws a word. Most are extreme: 0, close to a power of two, or equal to others in
// one half.
func Word(rng *rand.Rand) uint64 {
	switch rng.IntN(4) {
	case 0:
		return rng.Uint64()
	case 1:
		return rng.Uint64N(1000) << 32
	case 2:
		return rng.Uint64N(1000)
	}
	return words[rng.IntN(len(words))]
}

// Long is longer than a word, and compares by all of its parts.
type Long struct {
	A, B int64
	Name string
}

var (
	pointed = [2]int{}
	long    = strings.Repeat("long ", 200)

	// values are values of an interface that an implementation may take for none, or for one
	// another. All of them can be compared.
	values = []any{
		nil, "", "0", long, long + "a", long + "b", 0, 1, -1, int64(1), uint64(1), int32(-1), math.MinInt, math.MaxInt,
		uint64(math.MaxUint64), 0.0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), false, true,
		struct{}{},
		Long{},
		Long{A: 1},
		Long{B: 1},
		Long{Name: "1"},
		[2]string{"a", "bc"},
		[2]string{"ab", "c"},
		(*int)(nil), (*Long)(nil), &pointed[0], &pointed[1], error(nil), complex(0, 1),
		[3]any{nil, 1, ""},
	}
)

// Value draws a value of an interface. Many are extreme: nil, empty, not a number, longer
// than a word, or equal to others but for the type.
func Value(rng *rand.Rand) any {
	if rng.IntN(4) == 0 {
		return rng.IntN(1000) - 500
	}
	return values[rng.IntN(len(values))]
}

// Same reports whether two values are equal, or both not a number.
func Same(a, b any) bool { return a == b || NaN(a) && NaN(b) }

// NaN reports whether a value is not a number, and so unequal to itself.
func NaN(v any) bool {
	f, ok := v.(float64)
	return ok && math.IsNaN(f)
}

// show describes a value, which may be long.
func show(v any) string { return fmt.Sprintf("%.60s", fmt.Sprintf("%#v", v)) }
