package mutex

import (
	"errors"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// around puts a lock around each operation of a structure: the section is as long as the
// operation.
var around = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "structure", Turn: "operation of the structure", About: "a lock around an LRU cache or a heap",
		Params:  []harness.AnyParam{load.Goroutines, structure, capacity, load.Theta, load.Think},
		Metrics: sectionMetrics,
		Probes:  []impls.Promise{impls.Try},
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(structure.In("lru", "heap"), load.Goroutines.In(2, 8, 64))},
			Stress:   []harness.Grid{harness.Over(structure.In("lru", "heap"), capacity.In(16))},
		},
	},
	// Without a lock, a structure would crash.
	Accepts: func(i impls.Impl[locks.New]) bool { return i.Role != impls.Noop },
	Run:     runAround,
}

var (
	structure = harness.Param[string]{
		Key: "structure", About: "what the lock guards: lru or heap", Default: "lru",
		Valid: func(s string) bool { return s == "lru" || s == "heap" },
	}
	capacity = harness.Param[int]{
		Key: "capacity", About: "items in the structure, 1 to 1000000", Default: 1024, Valid: harness.Between(1, 1_000_000),
	}
)

// guardedStructure is a real data structure that is not safe by itself.
type guardedStructure interface {
	use(key int32)
	check() error
}

func runAround(t *harness.Trial, newLock locks.New) error {
	n, size, theta := load.Goroutines.Of(t), capacity.Of(t), load.Theta.Of(t)
	think := t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock(), new(section), make([]tally, n)
		var s guardedStructure = newLRU(size)
		if structure.Of(t) == "heap" {
			s = newQueue(size)
		}
		w.Go("worker", n, func(w *harness.Worker) {
			mine := &tallies[w.ID]
			keys := load.Choices(w.Rand(), 4*size, theta, picks)
			for w.Next() {
				lock.Lock()
				w.Mark()
				s.use(keys[mine.turns%picks])
				shared.visit(w, mine, 0, 0)
				lock.Unlock()
				w.Think(think)
			}
		})
		w.Check(func() error { return errors.Join(settled(w, lock, shared, tallies), s.check()) })
		return nil
	})
}
