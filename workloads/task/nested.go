package task

import (
	"context"
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// nested submits trees: each task of a tree submits two more, and waits for none.
// A pool of one worker must run them, too.
var nested = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "nested", Turn: "tree of tasks", About: "tasks submit two tasks each, until the tree is complete",
		Params: []harness.AnyParam{submitters, workers, queue, treeSize, taskNs},
		Needs:  []impls.Promise{tasks.Nested}, Probes: []impls.Promise{tasks.Nested},
		CurveAxis: treeSize, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(submitters.In(1, 4), treeSize.In(15, 127), taskNs.In(0, 1000))},
			Stress: []harness.Grid{
				over(tinyPools, submitters.In(1, 2, 8), treeSize.In(1, 2, 15, 127)),
				over(smallPools, harness.Within(submitters, 1, 20), harness.Within(treeSize, 1, 200)),
			},
		},
	},
	Run: runNested,
}

var treeSize = harness.Param[int]{
	Key: "tree", About: "tasks of a tree, 1 to 100000", Default: 127, Valid: harness.Between(1, 100_000),
}

func runNested(t *harness.Trial, create tasks.New) error {
	n, size, spin := submitters.Of(t), treeSize.Of(t), t.Spins(taskNs.Of(t))
	return t.Window(func(w *harness.Window) error {
		s := &site{pool: create(poolSize(t)), batches: make([]*batch, n)}
		for i := range s.batches {
			s.batches[i] = newTree(s, size, spin)
		}
		s.play(w, n, func(w *harness.Worker, b *batch) error {
			for w.Next() {
				if err := b.submit(s.pool); err != nil {
					return err
				}
				b.pending = int64(size)
				b.wait()
			}
			return nil
		})
		return nil
	})
}

// newTree makes a batch whose jobs are a binary tree, laid out as a heap: job i submits
// the jobs 2i+1 and 2i+2. A parent runs a child itself that the pool has no room for.
func newTree(s *site, size, spin int) *batch {
	var b *batch
	b = newBatch(size, func(j *job) {
		j.chain = machine.Spin(j.chain, spin)
		for _, child := range []int{2*j.number + 1, 2*j.number + 2} {
			if child >= size {
				return
			}
			c := &b.jobs[child]
			c.asked++
			err := s.pool.Submit(context.Background(), c.run)
			if err == nil {
				continue
			}
			if !errors.Is(err, tasks.ErrFull) {
				s.fail(fmt.Errorf("submitting a task inside a task: %w", err))
			}
			c.run()
		}
	})
	return b
}
