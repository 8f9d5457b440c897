package set

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
)

// ownUpdates is the share of turns that change something.
const ownUpdates = 2.0 / 3

// own gives each worker keys of its own, every one between two of others. So a worker knows what its calls must return, while what
// stands before and behind its keys comes and goes.
func own(t *harness.Trial, create set.New) error {
	n, think, choice := load.Goroutines.Of(t), t.Spins(load.Think.Of(t)), load.NewZipf(ownKeys.Of(t), 0)
	return t.Window(func(w *harness.Window) error {
		s, there := create(), make([][]bool, n) // of each worker, its keys
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
					w.Fail(fmt.Errorf("a call for key %d, which nobody else changes, returned %t", key, got))
					return
				}
				w.Think(think)
			}
		})
		w.Check(func() error {
			for id, mine := range there {
				for i, in := range mine {
					if key := i*n + id; s.Contains(key) != in {
						return fmt.Errorf("that key %d is there is %t, and it should be %t", key, !in, in)
					}
				}
			}
			return nil
		})
		return nil
	})
}
