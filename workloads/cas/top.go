package cas

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/cell"
	"github.com/contendbench/contend/workloads/load"
)

// top pushes a node and pops one, by Update and by CompareAndSwap of the top pointer.
var top = harness.Workload[cell.New[*Node]]{
	Load: harness.Load{
		Name: "top", Turn: "push and pop", About: "the cell is the top pointer of a stack of linked nodes",
		Params:    []harness.AnyParam{load.Goroutines, load.Think, load.Yield},
		Metrics:   []harness.Metric{retries},
		CurveAxis: load.Goroutines,
		Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(2, 8, 64))},
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3, 8), load.Yield.In(0, 1, 10)),
				harness.Over(crowd, load.Yield.In(0, 1, 10)),
			},
		},
	},
	Run: runTop,
}

// Node is linked below a top pointer. It is pushed and popped once.
type Node struct {
	below  *Node
	popped bool // plain: only the worker that popped the node writes it
}

var (
	errTwice = errors.New("a node of the stack was popped twice")
	errEmpty = errors.New("the stack was empty for a worker that had just pushed")
)

func runTop(t *harness.Trial, newCell cell.New[*Node]) error {
	yield, think := load.Yield.Of(t), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		top := newCell(nil)
		var pairs, tries atomic.Uint64
		w.Go("worker", load.Goroutines.Of(t), func(w *harness.Worker) {
			var mine, tried uint64
			for w.Next() {
				pushed := new(Node)
				top.Update(func(old *Node) *Node {
					tried++
					pushed.below = old
					return pushed
				})
				for {
					old := top.Load()
					if old == nil {
						w.Fail(errEmpty)
						return
					}
					tried++
					load.Yields(tried, yield)
					if top.CompareAndSwap(old, old.below) {
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
			if top.Load() != nil {
				return fmt.Errorf("after %d pushes and as many pops, the stack is not empty", pairs.Load())
			}
			w.Set(retries, float64(tries.Load())/float64(max(2*pairs.Load(), 1))-1)
			return nil
		})
		return nil
	})
}
