package hashmap

import (
	"fmt"
	"strings"

	"github.com/contendbench/contend/harness"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// whole has writers and readers meet at few keys. The parts of a value belong together,
// so a reader sees when they come from two values. A value that was never stored shows,
// too.
var whole = harness.Workload[New]{
	Load: wholeLoad("whole", "n readers check that the halves of a value belong together, among n writers"),
	Run: func(t *harness.Trial, create New) error {
		return runWhole(t, create, key, halves, func(v uint64) bool { return v == halves(v>>32) })
	},
}

// wholeValues is whole with values of several types and lengths.
var wholeValues = harness.Workload[NewOfAny]{
	Load: wholeLoad("whole-values", "n readers check values of several types and lengths, among n writers"),
	Run: func(t *harness.Trial, create NewOfAny) error {
		return runWhole(t, create, func(i int) any { return i }, parts, belongTogether)
	},
}

func wholeLoad(name, about string) harness.Load {
	return harness.Load{
		Name: name, Turn: "load", About: about, Params: []harness.AnyParam{load.Goroutines},
		Allocates: true, Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 4))}},
	}
}

// halves is a word whose low half follows from its high half.
func halves(n uint64) uint64 { return n<<32 | uint64(^uint32(n)) }

// parts is a value whose parts, type and length follow from each other.
func parts(n uint64) any {
	switch n % 3 {
	case 0:
		return [4]uint64{n, n, n, n}
	case 1:
		return strings.Repeat(string(rune('a'+n%26)), 1+int(n%26))
	}
	return n
}

func belongTogether(v any) bool {
	switch v := v.(type) {
	case [4]uint64:
		return v == [4]uint64{v[0], v[0], v[0], v[0]} && v[0]%3 == 0
	case string:
		return v != "" && v == strings.Repeat(v[:1], 1+int(v[0]-'a'))
	case uint64:
		return v%3 == 2
	}
	return false
}

func runWhole[K comparable, V any](
	t *harness.Trial, create maps.New[K, V], keyOf func(int) K, valueOf func(uint64) V, right func(V) bool,
) error {
	n := load.Goroutines.Of(t)
	return t.Window(func(w *harness.Window) error {
		m := create()
		setter, sets := m.(maps.Setter[K, V])
		check := func(w *harness.Worker, v V, ok bool) {
			if ok && !right(v) {
				w.Fail(fmt.Errorf("a value was put together from several: %v", v))
			}
		}
		w.Go("reader", n, func(w *harness.Worker) {
			for w.Next() {
				v, ok := m.Load(keyOf(w.Rand().IntN(few)))
				check(w, v, ok)
			}
		})
		w.Go("writer", n, func(w *harness.Worker) {
			for w.Next() {
				k, draw := keyOf(w.Rand().IntN(1+w.Rand().IntN(few))), w.Rand().IntN(3)
				switch {
				case draw == 0:
					v, ok := m.LoadAndDelete(k)
					check(w, v, ok)
				case draw == 1 && sets:
					v, loaded := setter.LoadOrStore(k, valueOf(uint64(w.Rand().Uint32())))
					check(w, v, loaded)
				default:
					m.Store(k, valueOf(uint64(w.Rand().Uint32())))
				}
			}
		})
		return nil
	})
}
