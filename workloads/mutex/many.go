package mutex

import (
	"fmt"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cpu"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// many spreads the workers over many locks by a zipf choice: some are hot, most are not.
var many = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "many", Turn: "acquisition", About: "many locks, chosen by a zipf law",
		Params:    []harness.AnyParam{load.Goroutines, lockCount, load.Theta, load.Hold, load.Think, load.Yield},
		Probes:    []impls.Promise{impls.Try},
		CurveAxis: lockCount,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(lockCount.In(64))},
			Standard: []harness.Grid{
				harness.Over(load.Goroutines.In(8), lockCount.In(1, 4, 64, 1024), load.Theta.In(0.9)),
				harness.Over(load.Goroutines.In(64), lockCount.In(64), load.Theta.In(0, 0.9, 1.2)),
			},
			Stress: []harness.Grid{harness.Over(few, lockCount.In(2, 8)), harness.Over(crowd, lockCount.In(2))},
		},
	},
	Run: runMany,
}

var lockCount = harness.Param[int]{
	Key: "locks", About: "locks to choose from, 1 to 100000", Default: 64, Valid: harness.Between(1, 100_000),
}

// picks is how many choices a worker draws before a window; it repeats them.
const picks = 4096

func runMany(t *harness.Trial, newLock locks.New) error {
	n, yield, count, theta := load.Goroutines.Of(t), load.Yield.Of(t), lockCount.Of(t), load.Theta.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		all, tallies := make([]guarded, count), make([]tally, n)
		for i, lock := range load.Apart(count, newLock) {
			all[i].lock = lock
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
		w.Check(func() error { return allSettled(all, tallies) })
		return nil
	})
}

// guarded is one lock of many, with its section.
type guarded struct {
	lock   sync.Locker
	shared section
	_      [cpu.Line]byte
}

// allSettled checks after a window that no turn was lost, and that every lock is free and
// works.
func allSettled(all []guarded, tallies []tally) error {
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
}
