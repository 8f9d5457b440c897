package mutex

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh lock through a short life: a few goroutines acquire it a few times
// each and end. The last waiter of a life has only one release to wake it; in a long
// window, the next acquisition would hide a wake-up that was lost.
var lives = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a lock", About: "a fresh lock is acquired a few times by a few goroutines, which then end",
		Params: []harness.AnyParam{load.Goroutines, acquisitions},
		Points: harness.Points{
			Stress: []harness.Grid{harness.Over(harness.Within(load.Goroutines, 2, 40), harness.Within(acquisitions, 1, 40))},
		},
	},
	Run: runLives,
}

var acquisitions = harness.Param[int]{
	Key: "acquisitions", About: "acquisitions by each goroutine in the life of a lock, 1 to 100000", Default: 20,
	Valid: harness.Between(1, 100_000),
}

func runLives(t *harness.Trial, newLock locks.New) error {
	n, each := load.Goroutines.Of(t), acquisitions.Of(t)
	return t.Window(func(w *harness.Window) error {
		w.Go("life", 1, func(w *harness.Worker) {
			for w.Next() {
				if err := live(newLock(), n, each); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// live lets n goroutines acquire a lock a few times each, and checks their sections.
func live(lock sync.Locker, n, each int) error {
	var shared section
	var overlap atomic.Bool
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			for range each {
				lock.Lock()
				whole := shared.enter()
				if !shared.leave() || !whole {
					overlap.Store(true)
				}
				lock.Unlock()
			}
		})
	}
	group.Wait()
	switch {
	case overlap.Load():
		return errOverlap
	case shared.turns != uint64(n*each):
		return fmt.Errorf("lost updates: %d turns were made and the section counts %d", n*each, shared.turns)
	}
	return atRest(lock)
}
