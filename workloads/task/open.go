package task

import (
	"github.com/contendbench/contend/harness"
	tasks "github.com/contendbench/contend/impls/task"
)

// open has enough clients that tasks queue up in the pool. With rate-hz it is an open
// loop: a latency counts from when its task was due, so that queueing shows.
var open = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "open", Turn: "task and the wait for its end",
		About:  "many clients each wait for their task; with rate-hz, latency counts from when a task was due",
		Params: []harness.AnyParam{clients, workers, queue, taskNs}, CurveAxis: clients, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(clients.In(64, 256), taskNs.In(10_000))},
			Stress:   []harness.Grid{harness.Over(harness.Within(clients, 64, 1000))},
		},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		return playCalls(t, create, clients.Of(t), spinning(t.Spins(taskNs.Of(t))))
	},
}

var clients = harness.Param[int]{
	Key: "clients", About: "goroutines with a task each, 1 to 100000", Default: 256,
	Valid: harness.Between(1, 100_000), Crowd: true,
}
