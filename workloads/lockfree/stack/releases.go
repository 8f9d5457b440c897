package stack

import (
	"fmt"
	"runtime"
	"sync"
	"time"
	"weak"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// releases pushes objects and pops them, and then checks that the collector frees them.
var releases = harness.Workload[stacks.New[*Object]]{
	Load: harness.Load{
		Name: "releases", Turn: "push and pop", About: "the collector must be able to free what was popped",
		Params: []harness.AnyParam{load.Goroutines, batch},
		Needs:  []impls.Promise{impls.Releases}, Probes: []impls.Promise{impls.Releases},
		Allocates: true, Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 8), batch.In(1)),
			harness.Over(harness.Within(load.Goroutines, 2, 200), harness.Within(batch, 1, watched)),
		}},
	},
	Run: runReleases,
}

// An Object is large enough for a heap block of its own. The smallest objects share a
// block, which lives as long as any of them.
type Object struct{ _ [64]byte }

const (
	// watched is how many of a worker's last objects must be garbage.
	watched = 64
	// briefly is long enough for that many: an object that is kept is kept at once.
	briefly = 2 * time.Millisecond
)

func runReleases(t *harness.Trial, create stacks.New[*Object]) error {
	n, most := load.Goroutines.Of(t), batch.Of(t)
	return t.Window(func(w *harness.Window) error {
		w.Lasts(briefly)
		s := create(n * most)
		var mu sync.Mutex
		var gone []weak.Pointer[Object]
		w.Go("worker", n, func(w *harness.Worker) {
			last := make([]weak.Pointer[Object], watched)
			for turn, at := 0, 0; w.Next(); turn++ {
				for range 1 + turn%most {
					pushed := new(Object)
					last[at] = weak.Make(pushed)
					at = (at + 1) % watched
					if !s.Push(pushed) {
						w.Fail(errFull)
					}
				}
				for range 1 + turn%most {
					if _, ok := s.Pop(); !ok {
						w.Fail(errEmpty)
					}
				}
			}
			mu.Lock()
			defer mu.Unlock()
			gone = append(gone, last...)
		})
		w.Check(func() error {
			kept := load.Reachable(gone)
			runtime.KeepAlive(s)
			if kept > 0 {
				return fmt.Errorf("%d of the %d objects that were popped last are still reachable", kept, len(gone))
			}
			return nil
		})
		return nil
	})
}
