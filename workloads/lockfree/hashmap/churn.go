package hashmap

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// churn has workers fill a map with keys of their own and empty it, again and again, so
// that it grows and shrinks, and many keys come and go in its life.
var churn = harness.Workload[New]{
	Load: harness.Load{
		Name: "churn", Turn: "fill and empty",
		About:  "n workers fill a map with keys of their own and delete them, again and again",
		Params: []harness.AnyParam{load.Goroutines, size, family},
		Probes: []impls.Promise{maps.Sized}, Allocates: true, Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(
			harness.Within(load.Goroutines, 1, 64), harness.Within(size, 1, 50_000), family.In(0, 1, 2, 3, 4, 5, 6),
		)}},
	},
	Accepts: isMap[uint64, uint64],
	Run:     runChurn,
}

var family = harness.Param[int]{
	Key: "family", About: "which bits of the keys differ, 0 (the low ones) to 6",
	Valid: harness.Between(0, len(families)-1),
}

func runChurn(t *harness.Trial, create New) error {
	n, keyOf := load.Goroutines.Of(t), families[family.Of(t)]
	share := max(size.Of(t)/n, 1)
	return t.Window(func(w *harness.Window) error {
		m := create()
		w.Go("worker", n, func(w *harness.Worker) {
			for version := uint64(0); w.Next(); version++ {
				if err := fillAndEmpty(m, keyOf, w.ID*share, share, version); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error { return count(m, 0) })
		return nil
	})
}

// fillAndEmpty stores some keys, which no other goroutine changes, and deletes them.
func fillAndEmpty(m table, keyOf func(uint64) uint64, first, share int, version uint64) error {
	for i := first; i < first+share; i++ {
		m.Store(keyOf(uint64(i)), value(i, version))
	}
	for i := first; i < first+share; i++ {
		k, want := keyOf(uint64(i)), value(i, version)
		got, ok := m.Load(k)
		if err := same(i, got, ok, want); err != nil {
			return fmt.Errorf("before its deletion: %w", err)
		}
		got, ok = m.LoadAndDelete(k)
		if err := same(i, got, ok, want); err != nil {
			return fmt.Errorf("in its deletion: %w", err)
		}
		if _, ok := m.Load(k); ok {
			return errBack
		}
	}
	return nil
}
