package task

import (
	"context"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// inside has all workers submit at once, so that none is free to make room. A pool of one
// worker with no room is the hardest case (panjf2000/ants#197).
var inside = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "inside", Turn: "life of a pool", About: "tasks on all workers submit tasks at the same time",
		Params: []harness.AnyParam{workers, queue, each},
		Needs:  []impls.Promise{tasks.Nested}, Probes: []impls.Promise{tasks.Nested}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			over(tinyPools, each.In(1, 2, 10)),
			over(smallPools, harness.Within(each, 1, 40)),
		}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		return playLives(t, func(*harness.Worker) error {
			l := newLedger(t, create, n, room)
			here, submitted := newRoll(n), newRoll(n)
			for range n {
				err := l.insist(func() {
					defer submitted.call()
					here.call()
					here.wait()
					for range each.Of(t) {
						if l.submit(context.Background(), nothing) != nil {
							return // check says whether the pool was allowed to refuse it
						}
					}
				})
				if err != nil {
					return err
				}
			}
			submitted.wait()
			return l.finish(1)
		})
	},
}
