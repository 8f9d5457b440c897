package forkjoin

import (
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// limit counts the tasks that execute at a time. A task that waits in a Join does not,
// and here only leaves count.
var limit = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "limit", Turn: "tree",
		About:  "no more leaves of a tree of tasks execute at a time than there are workers",
		Params: []harness.AnyParam{vertices, workers},
		Needs:  []impls.Promise{forks.BoundedWorkers}, Probes: []impls.Promise{forks.BoundedWorkers},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(vertices, 2, 400), few),
			harness.Over(harness.Within(vertices, 2, 400), harness.Within(workers, 1, 40)),
		}},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		n, workers := vertices.Of(t), workersOf(t)
		return t.Window(func(w *harness.Window) error {
			pool := newPool(workers)
			w.Go("caller", 1, func(w *harness.Worker) {
				for w.Next() {
					c := crowd{most: int64(workers)}
					pool.Run(func(s forks.Scope) { c.divide(s, n) })
					if err := c.settled(n); err != nil {
						w.Fail(err)
						return
					}
				}
				pool.Close()
			})
			return nil
		})
	},
}

// crowd counts leaves.
type crowd struct {
	most             int64
	now, worst, come atomic.Int64
}

// divide forks tasks with n leaves in all, some of them in halves and some one by one.
func (c *crowd) divide(s forks.Scope, n int) {
	switch {
	case n == 1:
		c.leaf()
	case n%3 == 0:
		for range n {
			s.Fork(func(forks.Scope) { c.leaf() })
		}
	default:
		s.Fork(func(s forks.Scope) { c.divide(s, n/2) })
		s.Fork(func(s forks.Scope) { c.divide(s, n-n/2) })
		s.Join()
	}
}

func (c *crowd) leaf() {
	if now := c.now.Add(1); now > c.most {
		c.worst.Store(now)
	}
	if c.come.Add(1)%2 == 0 {
		runtime.Gosched()
	}
	c.now.Add(-1)
}

func (c *crowd) settled(n int) error {
	if worst := c.worst.Load(); worst > 0 {
		return fmt.Errorf("%d tasks executed at a time, of a pool of %d workers", worst, c.most)
	}
	if come := c.come.Load(); come != int64(n) {
		return fmt.Errorf("%d tasks ran, want %d", come, n)
	}
	return nil
}
