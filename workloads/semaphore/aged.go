package semaphore

import (
	"context"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// aged has one goroutine age a semaphore, for all windows of a stress run. A few contend
// for it whenever its acquisitions reach a power of two, where tickets and counts wrap
// around.
var aged = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "aged", Turn: "up to 64 acquisitions",
		About:  "a semaphore ages alone, and is contended across each power of two of turns",
		Params: []harness.AnyParam{permitCount},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(permitCount.In(1))}},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		size := permitCount.Of(t)
		return load.CheckAged(t, func() sems.Semaphore { return newSemaphore(size) }, useOnce,
			func(s sems.Semaphore, inside func()) error {
				return life{n: load.Contenders, each: load.EdgeEach, size: size, inside: inside}.live(s)
			})
	},
}

// useOnce takes a permit of a semaphore that is not in use, and gives it back.
func useOnce(s sems.Semaphore, turn uint64) error {
	if turn%2 == 0 || !s.TryAcquire(1) { // one with a timeout may fail
		if err := s.Acquire(context.Background(), 1); err != nil {
			return err
		}
	}
	s.Release(1)
	return nil
}
