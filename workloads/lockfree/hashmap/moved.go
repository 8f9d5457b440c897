package hashmap

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
)

// moved stores the next of many keys and deletes the oldest in turn. At any instant the
// map holds a run of n keys, or of n+1. A Range that sees other keys has not seen one
// instant.
var moved = harness.Workload[New]{
	Load: harness.Load{
		Name: "snapshot-moves", Turn: "range over all keys",
		About:  "one worker goes through the keys while another one adds the next and deletes the oldest",
		Params: []harness.AnyParam{size},
		Needs:  []impls.Promise{maps.Snapshot}, Probes: []impls.Promise{maps.Snapshot}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(size, 1, 1000))}},
	},
	Run: runMoved,
}

func runMoved(t *harness.Trial, create New) error {
	n := size.Of(t)
	return t.Window(func(w *harness.Window) error {
		m := create()
		for number := range n {
			m.Store(key(number), uint64(number))
		}
		w.Go("ranger", 1, func(w *harness.Worker) {
			for w.Next() {
				seen, first, last := 0, ^uint64(0), uint64(0)
				m.Range(func(_, number uint64) bool {
					first, last = min(first, number), max(last, number)
					seen++
					return true
				})
				if run := int(last - first + 1); seen != run || run != n && run != n+1 {
					w.Fail(fmt.Errorf("a Range saw %d keys with numbers %d to %d, want a run of %d or %d",
						seen, first, last, n, n+1))
					return
				}
			}
		})
		w.Go("writer", 1, func(w *harness.Worker) {
			for number := n; w.Next(); number++ {
				m.Store(key(number), uint64(number))
				if _, ok := m.LoadAndDelete(key(number - n)); !ok {
					w.Fail(errLost)
					return
				}
			}
		})
		return nil
	})
}
