package task

import (
	"github.com/contendbench/contend/harness"
	tasks "github.com/contendbench/contend/impls/task"
)

// wait is the other way to use a pool: each submitter waits for the result of its task.
var wait = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "wait", Turn: "task and the wait for its result", About: "each submitter waits for the result of its task",
		Params:    []harness.AnyParam{submitters, workers, queue, taskNs},
		CurveAxis: submitters, Allocates: true,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over()},
			Standard: []harness.Grid{
				harness.Over(submitters.In(1, 4, 16, 64), taskNs.In(0, 1000)),
			},
			Stress: []harness.Grid{
				over(tinyPools, submitters.In(1, 2, 8), taskNs.In(0, 100)),
				over(smallPools, harness.Within(submitters, 1, 40)),
				over(largePools, harness.Within(submitters, 20, 600)),
			},
		},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		return playCalls(t, create, submitters.Of(t), spinning(t.Spins(taskNs.Of(t))))
	},
}
