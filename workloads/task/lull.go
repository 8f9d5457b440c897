package task

import (
	"time"

	"github.com/contendbench/contend/harness"
	tasks "github.com/contendbench/contend/impls/task"
	"github.com/contendbench/contend/workloads/load"
)

// lull lets pools be idle for random times before they get a few tasks. A pool that ends
// idle workers may do so just then.
var lull = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "lull", Turn: "burst of tasks", About: "a few tasks come after a pool was idle for a random time",
		Params: []harness.AnyParam{submitters, workers, queue}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools, submitters.In(8, 30))}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return t.Window(func(w *harness.Window) error {
			w.AtLeast(50 * time.Millisecond)
			w.Go("submitter", submitters.Of(t), func(w *harness.Worker) {
				if err := playLulls(w, create(n, room)); err != nil {
					w.Fail(err)
				}
			})
			return nil
		})
	},
}

const (
	// longestLull is longer than the idle time-outs of pools that have one, or should be.
	longestLull = 20 * time.Millisecond
	// fewTasks is how many tasks come at once.
	fewTasks = 3
)

// playLulls gives tasks to a pool of the caller's own, and closes it.
func playLulls(w *harness.Worker, p tasks.Pool) error {
	defer p.Close()
	b := newBatch(fewTasks, func(*job) {})
	for w.Next() {
		load.Pause(w.Rand(), longestLull)
		for range 1 + w.Rand().IntN(fewTasks) {
			if err := b.submit(p); err != nil {
				b.wait()
				return err
			}
		}
		b.wait()
	}
	return b.check()
}
