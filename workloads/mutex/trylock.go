package mutex

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// patience is how many failures of TryLock a worker takes before it calls Lock.
const patience = 16

// trylock takes the lock by TryLock and falls back on Lock, so that both meet each other.
func trylock(t *harness.Trial, newLock locks.New) error {
	n, yield := load.Goroutines.Of(t), load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock().(locks.TryLocker), new(section), make([]tally, n)
		failures := make([]tally, n)
		w.Go("worker", n, func(w *harness.Worker) {
			mine, missed := &tallies[w.ID], &failures[w.ID]
			for w.Next() {
				for tries := 0; !lock.TryLock(); tries++ {
					missed.turns++
					if tries == patience {
						lock.Lock()
						break
					}
				}
				w.Mark()
				shared.visit(w, mine, hold, yield)
				lock.Unlock()
				w.Think(think)
			}
		})
		w.Check(func() error {
			var missed uint64
			for i := range failures {
				missed += failures[i].turns
			}
			w.Metric("failed-tries/op", float64(missed)/float64(max(shared.turns, 1)))
			return settled(w, lock, shared, tallies)
		})
		return nil
	})
}

func hasTry(i impls.Impl[locks.New]) bool { return i.Has(impls.Try) }
