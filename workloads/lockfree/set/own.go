package set

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sets "github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
)

// own gives each worker keys of its own, which lie between those of the others. So a
// worker knows what its calls must return, while its keys' neighbors come and go.
var own = harness.Workload[sets.New]{
	Load: harness.Load{
		Name: "own", Turn: "call",
		About:     "n workers look up, insert and remove keys of their own, between those of the others",
		Params:    []harness.AnyParam{load.Goroutines, ownKeys, load.Think},
		CurveAxis: load.Goroutines, Allocates: true, Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8))},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3, 8), ownKeys.In(1, 2, 8)),
				harness.Over(harness.Within(load.Goroutines, 2, 100), harness.Within(ownKeys, 1, 20)),
			},
		},
	},
	// Without a set, workers would stop at their first wrong result.
	Accepts: func(i impls.Impl[sets.New]) bool { return i.Role != impls.Noop },
	Run:     runOwn,
}

var ownKeys = harness.Param[int]{
	Key: "keys", About: "keys of each worker, 1 to 10000", Default: 8, Valid: harness.Between(1, 10_000),
}

// ownUpdates is the share of turns that insert or remove.
const ownUpdates = 2.0 / 3

func runOwn(t *harness.Trial, create sets.New) error {
	n, think, choice := load.Goroutines.Of(t), t.Spins(load.Think.Of(t)), load.NewZipf(ownKeys.Of(t), 0)
	return t.Window(func(w *harness.Window) error {
		s, there := create(), make([][]bool, n) // for each worker, its keys
		w.Go("worker", n, func(w *harness.Worker) {
			calls, mine := draw(w, choice, ownUpdates), make([]bool, len(choice))
			there[w.ID] = mine
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				c := calls[turn]
				key, want := int(c.key)*n+w.ID, mine[c.key]
				var got bool
				switch c.do {
				case insert:
					got, want, mine[c.key] = s.Insert(key), !want, true
				case remove:
					got, mine[c.key] = s.Remove(key), false
				default:
					got = s.Contains(key)
				}
				if got != want {
					w.Fail(fmt.Errorf("a call for key %d, which no other worker changes, returned %t", key, got))
					return
				}
				w.Think(think)
			}
		})
		w.Check(func() error {
			for id, mine := range there {
				for i, in := range mine {
					if key := i*n + id; s.Contains(key) != in || s.Remove(key) != in {
						return fmt.Errorf("the Contains or the Remove of key %d is %t, want %t", key, !in, in)
					}
				}
			}
			return nil
		})
		return nil
	})
}
