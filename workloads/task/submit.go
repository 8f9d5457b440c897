package task

import (
	"time"

	"github.com/contendbench/contend/harness"
	tasks "github.com/contendbench/contend/impls/task"
)

// submit fires bursts of tasks and forgets them until the next burst. Its map over the
// size of tasks shows from where on a pool pays against a goroutine for each task.
var submit = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "submit", Turn: "task", About: "submitters submit bursts of tasks, each burst when the last one has run",
		Params:    []harness.AnyParam{submitters, workers, queue, burst, taskNs, sleepUs},
		Metrics:   []harness.Metric{refused},
		CurveAxis: taskNs, Maps: []harness.Plane{{taskNs, submitters}}, Allocates: true,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(taskNs.In(0, 1000, 10_000))},
			Standard: []harness.Grid{
				harness.Over(submitters.In(1, 4, 16), taskNs.In(0, 100, 1000, 10_000)),
				harness.Over(submitters.In(1, 4), taskNs.In(100_000), burst.In(16)),
				harness.Over(burst.In(1, 16, 1000), taskNs.In(0, 1000)),
				harness.Over(workers.In(1, 8, 64), taskNs.In(0, 1000)),
				harness.Over(workers.In(64), sleepUs.In(100), burst.In(1, 64)),
			},
			Stress: []harness.Grid{
				over(tinyPools, submitters.In(1, 2, 8), burst.In(1, 3, 16), taskNs.In(0, 100, 10_000)),
				over(smallPools, harness.Within(submitters, 1, 20), harness.Within(burst, 1, 40)),
				over(largePools, harness.Within(submitters, 20, 600), burst.In(1, 3)),
				harness.Over(submitters.In(2), burst.In(4), sleepUs.In(10, 200)),
			},
		},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		spin, sleep := spinning(t.Spins(taskNs.Of(t))), time.Duration(sleepUs.Of(t))*time.Microsecond
		work := spin
		if sleep > 0 {
			work = func(j *job) {
				time.Sleep(sleep)
				spin(j)
			}
		}
		return playBursts(t, create, burst.Of(t), work)
	},
}

var (
	burst = harness.Param[int]{
		Key: "burst", About: "tasks that a submitter submits before it waits for them, 1 to 100000", Default: 64,
		Valid: harness.Between(1, 100_000),
	}
	sleepUs = harness.Param[int]{
		Key: "sleep-us", About: "sleep of a task before its work, µs", Default: 0, Valid: harness.Between(0, 1_000_000),
	}
)
