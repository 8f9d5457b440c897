package hashmap

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/models"
)

// model compares a map with Go's, call by call, for keys that differ in few bits.
var model = harness.Workload[New]{
	Load: harness.Load{
		Name: "model", Turn: "sequence",
		About:  "calls of one goroutine, compared with a Go map: extreme keys, and Range cut short",
		Params: []harness.AnyParam{size},
		Probes: []impls.Promise{maps.SetOnce, maps.Sized}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(size, 1, 20_000))}},
	},
	Accepts: isMap[uint64, uint64],
	Run: func(t *harness.Trial, create New) error {
		n := size.Of(t)
		return sequences(t, func(rng *rand.Rand) *sequence[uint64, uint64] {
			return &sequence[uint64, uint64]{
				m: create(), want: map[uint64]uint64{}, rng: rng, keys: someKeys(rng, n), draw: models.Word,
				same: func(a, b uint64) bool { return a == b }, nan: func(uint64) bool { return false },
			}
		})
	},
}

// values compares a map with Go's for keys and values that are interfaces.
var values = harness.Workload[NewOfAny]{
	Load: harness.Load{
		Name: "values", Turn: "sequence",
		About:     "calls of one goroutine, compared with a Go map: nil, NaN, long strings and structs",
		Allocates: true,
		Points:    harness.Points{Stress: []harness.Grid{harness.Over()}},
	},
	Accepts: isMap[any, any],
	Run: func(t *harness.Trial, create NewOfAny) error {
		return sequences(t, func(rng *rand.Rand) *sequence[any, any] {
			s := &sequence[any, any]{
				m: create(), want: map[any]any{}, rng: rng, draw: models.Value, same: models.Same, nan: models.NaN,
			}
			for range 1 + rng.IntN(maxValues) {
				s.keys = append(s.keys, models.Value(rng))
			}
			return s
		})
	},
}

// maxValues is enough for all extreme keys.
const maxValues = 200

// isMap leaves out the control, which keeps nothing.
func isMap[K comparable, V any](i impls.Impl[maps.New[K, V]]) bool { return i.Role != impls.Noop }

// sequences is the body of the loads that compare maps with Go's.
func sequences[K comparable, V any](t *harness.Trial, fresh func(*rand.Rand) *sequence[K, V]) error {
	return t.Window(func(w *harness.Window) error {
		w.Go("sequence", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := fresh(w.Rand()).play(); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// families are ways in which keys can be alike. Each gives distinct keys for numbers up to
// 2^20.
var families = []func(i uint64) uint64{
	func(i uint64) uint64 { return i },
	func(i uint64) uint64 { return -i },
	func(i uint64) uint64 { return i<<32 | 7 },         // equal in their low halves
	func(i uint64) uint64 { return i << 44 },           // multiples of a large power of two
	func(i uint64) uint64 { return bits.Reverse64(i) }, // the same at the other end
	func(i uint64) uint64 { return i * 0x9e3779b97f4a7c15 },
	func(i uint64) uint64 { return i<<8 | 1<<63 },
}

// ends are keys that a map may take for none.
var ends = []uint64{0, math.MaxUint64, 1 << 63, math.MaxUint32, 1 << 32}

// someKeys returns n keys of one family, and some that are extreme in any.
func someKeys(rng *rand.Rand, n int) []uint64 {
	family := families[rng.IntN(len(families))]
	keys := make([]uint64, 0, n+len(ends))
	for i := range uint64(n) {
		keys = append(keys, family(i))
	}
	return append(keys, ends...)
}
