package mutex

import (
	"fmt"
	"sync"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

var lockCount = harness.Param[int]{Key: "locks", About: "locks to choose from, 1 to 100000", Default: 64, Valid: harness.Between(1, 100_000)}

// picks is how many choices a worker draws before a window; it goes round in them.
const picks = 4096

// many spreads the workers over many locks by a zipf choice: some are hot, most are not.
func many(t *harness.Trial, newLock locks.New) error {
	n, yield, count, theta := load.Goroutines.Of(t), load.Yield.Of(t), lockCount.Of(t), load.Theta.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		type guarded struct {
			lock   sync.Locker
			shared section
			_      [128]byte
		}
		all, tallies := make([]guarded, count), make([]tally, n)
		for i := range all {
			all[i].lock = newLock()
		}
		w.Go("worker", n, func(w *harness.Worker) {
			mine := &tallies[w.ID]
			choices := load.Choices(w.Rand(), count, theta, picks)
			for w.Next() {
				g := &all[choices[mine.turns%picks]]
				g.lock.Lock()
				w.Mark()
				g.shared.visit(w, mine, hold, yield)
				g.lock.Unlock()
				w.Think(think)
			}
		})
		w.Check(func() error {
			var made, counted uint64
			for i := range tallies {
				made += tallies[i].turns
			}
			for i := range all {
				counted += all[i].shared.turns
				if err := atRest(all[i].lock); err != nil {
					return fmt.Errorf("lock %d: %w", i, err)
				}
			}
			if made != counted {
				return fmt.Errorf("lost updates: %d turns were made and the sections count %d", made, counted)
			}
			return nil
		})
		return nil
	})
}
