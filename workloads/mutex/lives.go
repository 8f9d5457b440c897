package mutex

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cpu"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh lock through a short life: a few goroutines acquire it a few times
// each and end. The last waiter of a life has only one release to wake it; in a long
// window, the next acquisition would hide a wake-up that was lost.
var lives = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "lives", Turn: "life of a lock", About: "a few goroutines acquire a fresh lock a few times", Share: 3,
		Params: []harness.AnyParam{load.Goroutines, acquisitions, load.Hold},
		Points: harness.Points{
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3), harness.Within(acquisitions, 1, 40), load.Hold.In(0, 2000, 20_000)),
				harness.Over(harness.Within(load.Goroutines, 2, 40), harness.Within(acquisitions, 1, 40), load.Hold.In(0, 2000)),
			},
		},
	},
	Run: runLives,
}

var acquisitions = harness.Param[int]{
	Key: "acquisitions", About: "acquisitions by each goroutine in the life of a lock, 1 to 100000", Default: 20,
	Valid: harness.Between(1, 100_000),
}

// livesTime is the minimum length of a window of lives.
const livesTime = 30 * time.Millisecond

func runLives(t *harness.Trial, newLock locks.New) error {
	n, each, hold := load.Goroutines.Of(t), acquisitions.Of(t), t.Spins(load.Hold.Of(t))
	return t.Window(func(w *harness.Window) error {
		w.AtLeast(livesTime)
		w.Go("life", 1, func(w *harness.Worker) {
			inside := func() {
				w.Alive()
				cpu.Pause(uint32(hold))
			}
			for w.Next() {
				if err := live(newLock(), n, each, inside); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// live lets n goroutines acquire a lock a few times each, and checks their sections.
// inside is called in each.
func live(lock sync.Locker, n, each int, inside func()) error {
	var shared section
	var overlap atomic.Bool
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			for range each {
				lock.Lock()
				whole := shared.enter()
				inside()
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
