package hashmap

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
)

// snapshot writes n keys in turn, each with the number of the turn. At any instant the
// map holds the last n turns. A Range that sees two turns further apart has not seen one
// instant.
var snapshot = harness.Workload[New]{
	Load: harness.Load{
		Name: "snapshot", Turn: "range over all keys",
		About:  "one worker goes through the keys that another one writes in turn",
		Params: []harness.AnyParam{size},
		Needs:  []impls.Promise{maps.Snapshot}, Probes: []impls.Promise{maps.Snapshot},
		Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(size.In(8, 64, 500)), harness.Over(harness.Within(size, 1, 1000)),
		}},
	},
	Run: runSnapshot,
}

func runSnapshot(t *harness.Trial, create New) error {
	n := size.Of(t)
	return t.Window(func(w *harness.Window) error {
		m := create()
		write := func(turn int) { m.Store(key(turn%n), uint64(turn)) }
		for turn := range n {
			write(turn)
		}
		w.Go("ranger", 1, func(w *harness.Worker) {
			for w.Next() {
				seen, first, last := 0, uint64(0), uint64(0)
				m.Range(func(_, turn uint64) bool {
					if seen == 0 {
						first, last = turn, turn
					}
					first, last = min(first, turn), max(last, turn)
					seen++
					return true
				})
				if seen != n || last-first != uint64(n-1) {
					w.Fail(fmt.Errorf("a Range saw %d of %d keys, written in turns %d to %d, which no instant has",
						seen, n, first, last))
				}
			}
		})
		w.Go("writer", 1, func(w *harness.Worker) {
			for turn := n; w.Next(); turn++ {
				write(turn)
			}
		})
		return nil
	})
}
