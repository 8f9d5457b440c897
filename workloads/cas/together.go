package cas

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/multiword"
	"github.com/contendbench/contend/workloads/load"
)

// together increments all words at once. They are equal at every instant, so a goroutine
// that loads one after the other, in any order, sees numbers that never fall.
var together = harness.Workload[multiword.New]{
	Load: harness.Load{
		Name: "together", Turn: "increment of all words", About: "all words grow at once, beside loads of single words",
		Params: []harness.AnyParam{load.Goroutines, readers, words},
		Probes: []impls.Promise{impls.Linearizable},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 4), readers.In(1, 2, 4), harness.Within(words, 2, 64)),
		}},
		Lasting: true,
	},
	Run: runTogether,
}

var readers = harness.Param[int]{
	Key: "readers", About: "goroutines that load single words, 1 to 1000", Default: 1,
	Valid: harness.Between(1, 1000), Crowd: true,
}

// loadsToYield is how many loads a reader makes between yields.
const loadsToYield = 64

func runTogether(t *harness.Trial, newWords multiword.New) error {
	size := words.Of(t)
	return t.Window(func(w *harness.Window) error {
		shared := newWords(size)
		before := shared.Load(0)
		w.Go("writer", load.Goroutines.Of(t), func(w *harness.Worker) {
			swaps := make([]multiword.Swap, size)
			for w.Next() {
				for done := false; !done; done = shared.CompareAndSwap(swaps) {
					now := shared.Load(0)
					for i := range swaps {
						swaps[i] = multiword.Swap{Place: i, Old: now, New: now + 1}
					}
				}
			}
		})
		w.Go("reader", readers.Of(t), func(w *harness.Worker) {
			last := before
			for turn := uint64(0); w.Next(); turn++ {
				place := w.Rand().IntN(size)
				now := shared.Load(place)
				if now < last {
					w.Fail(fmt.Errorf("all words grow at once, and a reader saw %d in word %d after %d in another",
						now, place, last))
				}
				last = now
				load.Yields(turn, loadsToYield)
			}
		})
		w.Check(func() error {
			want := shared.Load(0)
			for i := range size {
				if got := shared.Load(i); got != want {
					return fmt.Errorf("all words grew at once, and are %d and %d at the end", want, got)
				}
			}
			return nil
		})
		return nil
	})
}
