package cas

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas"
	"github.com/contendbench/contend/workloads/load"
)

// A node is linked below a top pointer. It is pushed and popped once.
type node struct {
	below  *node
	popped bool // plain: whoever popped it has it alone
}

var (
	errTwice = errors.New("a node was popped twice")
	errEmpty = errors.New("the stack was empty for one who had pushed")
)

func top(t *harness.Trial, create cas.NewCell[*node]) error {
	yield, think := load.Yield.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		cell := create(nil)
		var pairs, tries atomic.Uint64
		w.Go("worker", load.Goroutines.Of(t), func(w *harness.Worker) {
			var mine, tried uint64
			for w.Next() {
				pushed := new(node)
				cell.Update(func(old *node) *node {
					tried++
					pushed.below = old
					return pushed
				})
				for {
					old := cell.Load()
					if old == nil {
						w.Fail(errEmpty)
						return
					}
					tried++
					load.Yields(tried, yield)
					if cell.CompareAndSwap(old, old.below) {
						if old.popped {
							w.Fail(errTwice)
						}
						old.popped = true
						break
					}
				}
				mine++
				w.Think(think)
			}
			pairs.Add(mine)
			tries.Add(tried)
		})
		w.Check(func() error {
			if cell.Load() != nil {
				return fmt.Errorf("after %d pushes and as many pops the stack is not empty", pairs.Load())
			}
			w.Metric("retries/op", float64(tries.Load())/float64(max(2*pairs.Load(), 1))-1)
			return nil
		})
		return nil
	})
}
