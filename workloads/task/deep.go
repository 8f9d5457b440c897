package task

import (
	"github.com/contendbench/contend/harness"
	tasks "github.com/contendbench/contend/impls/task"
)

// deep has tasks with deep stacks. A goroutine for each task grows its stack each time;
// a worker grows it once, and keeps it (bytedance/gopkg#121).
var deep = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "deep", Turn: "task", About: "tasks use a deep stack, which a new goroutine must grow first",
		Params:    []harness.AnyParam{submitters, workers, queue, burst, stackKB},
		Metrics:   []harness.Metric{refused},
		CurveAxis: stackKB, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(stackKB.In(1, 8, 64))},
			Stress:   []harness.Grid{over(tinyPools, burst.In(1, 8), stackKB.In(1, 64))},
		},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		depth := stackKB.Of(t)
		return playBursts(t, create, burst.Of(t), func(j *job) { j.chain += uint64(descend(depth)) })
	},
}

var stackKB = harness.Param[int]{
	Key: "stack-kb", About: "stack that a task uses, KB, 1 to 100000", Default: 8, Valid: harness.Between(1, 100_000),
}

// descend uses a KB of the stack for each level.
//
//go:noinline
func descend(levels int) byte {
	var frame [1024]byte
	frame[levels%len(frame)] = byte(levels)
	if levels <= 1 {
		return frame[0]
	}
	return frame[levels%len(frame)] + descend(levels-1)
}
