package set

import (
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	sets "github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
)

// mix has workers look keys up, insert them and remove them. Half of the keys are in the
// set, so a list is as long as half the range.
var mix = harness.Workload[sets.New]{
	Load: harness.Load{
		Name: "mix", Turn: "call", About: "n workers look keys up, insert and remove them",
		Params:    []harness.AnyParam{load.Goroutines, keyRange, updatePct, load.Theta, load.Think},
		CurveAxis: keyRange, Maps: []harness.Plane{{keyRange, updatePct}},
		Allocates: true, Lasting: true,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(load.Goroutines.In(2), keyRange.In(1024))},
			Standard: []harness.Grid{
				harness.Over(keyRange.In(16, 256, 4096), updatePct.In(2, 20, 100)),
				harness.Over(load.Goroutines.In(2, 64)),
			},
			Full: []harness.Grid{harness.Over(
				load.Goroutines.In(2, 8, 64), keyRange.In(16, 256, 4096, 16384),
				updatePct.In(0, 2, 20, 100), load.Theta.In(0, 0.9),
			)},
			Stress: []harness.Grid{
				harness.Over(
					load.Goroutines.In(2, 3, 8, 32), keyRange.In(2, 4, 16), updatePct.In(50, 100), load.Theta.In(0),
				),
				harness.Over(load.Goroutines.In(2, 8), keyRange.In(256)),
				harness.Over(
					harness.Within(load.Goroutines, 2, 100), harness.Within(keyRange, 2, 2000), updatePct.In(20, 100),
				),
			},
		},
	},
	Run: runMix,
}

var (
	keyRange = harness.Param[int]{
		Key: "range", About: "keys, half of which are in the set at first, 2 to 1000000", Default: 64,
		Valid: harness.Between(2, 1_000_000),
	}
	updatePct = harness.Param[float64]{
		Key: "update-pct", About: "turns that insert or remove, as many of each, percent, 0 to 100", Default: 20,
		Valid: harness.Between(0.0, 100.0),
	}
)

// A ledger is a worker's count for each key: the inserts that reported a change minus the
// removes that did.
type ledger []int64

func (l ledger) do(s sets.Set, c call) {
	switch c.do {
	case insert:
		if s.Insert(int(c.key)) {
			l[c.key]++
		}
	case remove:
		if s.Remove(int(c.key)) {
			l[c.key]--
		}
	default:
		s.Contains(int(c.key))
	}
}

// empty checks for each key that it is in the set if it was inserted more often than
// removed, and removes it.
func empty(s sets.Set, net []atomic.Int64) error {
	for key := range net { // ascending, so that a Remove from a list is short
		in, there := net[key].Load(), s.Contains(key)
		if in != 0 && in != 1 || there != (in == 1) {
			return fmt.Errorf("key %d: %d more inserts than removes reported a change, and Contains is %t", key, in, there)
		}
		if s.Remove(key) != there {
			return fmt.Errorf("the Remove of key %d returned %t, and Contains %t", key, !there, there)
		}
	}
	return nil
}

func runMix(t *harness.Trial, create sets.New) error {
	n, keys, updates, think := load.Goroutines.Of(t), keyRange.Of(t), updatePct.Of(t)/100, t.Spins(load.Think.Of(t))
	zipf := load.NewZipf(keys, load.Theta.Of(t)) // once for all windows and workers
	return t.Window(func(w *harness.Window) error {
		s, net := create(), make([]atomic.Int64, keys)
		for key := keys - 2 + keys%2; key >= 0; key -= 2 { // descending, so that an insert into a list is short
			if !s.Insert(key) {
				return fmt.Errorf("an Insert of key %d into a set without it returned false", key)
			}
			net[key].Store(1)
		}
		w.Go("worker", n, func(w *harness.Worker) {
			calls, mine := draw(w, zipf, updates), make(ledger, keys)
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				mine.do(s, calls[turn])
				w.Think(think)
			}
			for key := range mine {
				net[key].Add(mine[key])
			}
		})
		w.Check(func() error { return empty(s, net) })
		return nil
	})
}
