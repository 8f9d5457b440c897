package task

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// limit bounds the tasks that run at once from both sides. As many tasks as there are
// workers wait for each other, so that a pool with fewer hangs. A count that each task
// keeps shows a pool with more.
var limit = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "limit", Turn: "life of a pool", About: "all workers run a task at once, and no more tasks than workers do",
		Params: []harness.AnyParam{submitters, workers, queue, each},
		Probes: []impls.Promise{tasks.Limited}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			over(tinyPools, submitters.In(1, 2, 8), each.In(1, 4)),
			over(smallPools, harness.Within(submitters, 1, 20), harness.Within(each, 1, 20)),
			over(largePools, harness.Within(submitters, 20, 600), each.In(1, 3)),
		}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return playLives(t, func(w *harness.Worker) error {
			l := newLedger(t, create, n, room)
			for range 1 + w.Rand().IntN(3) {
				if err := meet(n, l.insist); err != nil {
					return err
				}
				l.crowd(submitters.Of(t), each.Of(t), true)
			}
			return l.finish(1)
		})
	},
}
