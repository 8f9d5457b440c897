package set

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sets "github.com/contendbench/contend/impls/lockfree/set"
)

// model compares a set with a Go map, call by call. Its keys are close to each other in
// one way or another: in their low halves, around zero, at the ends of what an int holds.
var model = harness.Workload[sets.New]{
	Load: harness.Load{
		Name: "model", Turn: "round", About: "calls of one goroutine, compared with a Go map: extreme keys",
		Params: []harness.AnyParam{keyRange}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(keyRange, 2, 2000))}},
	},
	Accepts: isSet,
	Run: func(t *harness.Trial, create sets.New) error {
		n := keyRange.Of(t)
		return t.Window(func(w *harness.Window) error {
			w.Go("round", 1, func(w *harness.Worker) {
				for w.Next() {
					if err := compare(create(), someKeys(w.Rand(), n), w.Rand()); err != nil {
						w.Fail(err)
						return
					}
				}
			})
			return nil
		})
	},
}

// isSet leaves out the control, which keeps nothing.
func isSet(i impls.Impl[sets.New]) bool { return i.Role != impls.Noop }

// families are ways in which keys can be extreme. Each gives distinct keys for indices up
// to 2^20.
var families = []func(i int) int{
	func(i int) int { return i },
	func(i int) int { return -i },
	func(i int) int { return i<<32 | 7 },                              // equal in their low halves
	func(i int) int { return int(uint64(i)*0x9e3779b97f4a7c15) &^ 1 }, // all over the range
	func(i int) int { return i << 43 },                                // the low bits are zero
	func(i int) int { return math.MaxInt - 1 - i },
	func(i int) int { return math.MinInt + 1 + i },
	func(i int) int { return (i%2*2 - 1) * (math.MaxInt/2 + 1 + i) }, // differences overflow
}

// ends are keys that an implementation may take for the ends of its list.
var ends = []int{0, -1, 1, math.MaxInt - 1, math.MinInt + 1, math.MaxInt32, math.MinInt32}

// someKeys returns n keys of one family, and some that are extreme in any.
func someKeys(rng *rand.Rand, n int) []int {
	family := families[rng.IntN(len(families))]
	keys := make([]int, 0, n+len(ends))
	for i := range n {
		keys = append(keys, family(i))
	}
	return append(keys, ends...)
}

// callsPerKey is how many random calls a round makes for each key.
const callsPerKey = 4

// compare makes random calls for the keys, and returns an error at the first that a Go
// map would answer in another way.
func compare(s sets.Set, keys []int, rng *rand.Rand) error {
	in := map[int]bool{}
	for range callsPerKey * len(keys) {
		key := keys[rng.IntN(len(keys))]
		if err := compareOne(s, in, key, op(rng.IntN(3))); err != nil {
			return err
		}
	}
	for _, key := range keys {
		if err := compareOne(s, in, key, remove); err != nil {
			return err
		}
	}
	return nil
}

func compareOne(s sets.Set, in map[int]bool, key int, do op) error {
	var got bool
	want, name := in[key], "Contains"
	switch do {
	case insert:
		name, want = "Insert", !in[key]
		got, in[key] = s.Insert(key), true
	case remove:
		name = "Remove"
		got, in[key] = s.Remove(key), false
	default:
		got = s.Contains(key)
	}
	if got != want {
		return fmt.Errorf("%s(%d) returned %t, and no other call was in progress", name, key, got)
	}
	return nil
}
