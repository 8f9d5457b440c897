package stack

import (
	"fmt"
	"runtime"
	"sync"
	"time"
	"weak"

	"github.com/contendbench/contend/harness"
	stacks "github.com/contendbench/contend/impls/lockfree/stack"
	"github.com/contendbench/contend/workloads/load"
)

// An Object is large enough for a place of its own in the heap: the smallest share one, and live as long as any of them.
type Object struct{ _ [64]byte }

const (
	// watched is how many of the objects that a worker pushed last are looked for.
	watched = 64
	// briefly is long enough for that many: what is kept is kept at once.
	briefly = 2 * time.Millisecond
)

func releases(t *harness.Trial, create stacks.New[*Object]) error {
	n := load.Goroutines.Of(t)
	return t.Window(func(w *harness.Window) error {
		w.Lasts(briefly)
		s := create(n)
		var mu sync.Mutex
		var gone []weak.Pointer[Object]
		w.Go("worker", n, func(w *harness.Worker) {
			last := make([]weak.Pointer[Object], watched)
			for turn := 0; w.Next(); turn = (turn + 1) % watched {
				pushed := new(Object)
				last[turn] = weak.Make(pushed)
				if !s.Push(pushed) {
					w.Fail(errFull)
				}
				if _, ok := s.Pop(); !ok {
					w.Fail(errEmpty)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			gone = append(gone, last...)
		})
		w.Check(func() error {
			runtime.GC()
			kept := 0
			for _, p := range gone {
				if p.Value() != nil {
					kept++
				}
			}
			runtime.KeepAlive(s)
			if kept > 0 {
				return fmt.Errorf("%d of the %d objects that were popped last are still reachable", kept, len(gone))
			}
			return nil
		})
		return nil
	})
}
