package task

import (
	"time"

	"golang.org/x/sys/unix"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	tasks "github.com/contendbench/contend/impls/task"
)

// blocking has tasks that block their thread in a system call. The scheduler must take
// the processor from the thread and give it to another one.
var blocking = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "blocking", Turn: "task", About: "tasks block their thread in a system call",
		Params:    []harness.AnyParam{submitters, workers, queue, burst, callUs},
		Metrics:   []harness.Metric{refused},
		CurveAxis: workers, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(workers.In(1, 4, 16), burst.In(16))},
			Stress:   []harness.Grid{over(tinyPools, submitters.In(1, 3), burst.In(1, 4), callUs.In(10, 300))},
		},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		d := time.Duration(callUs.Of(t)) * time.Microsecond
		return playBursts(t, create, burst.Of(t), func(j *job) {
			j.chain++
			block(d)
		})
	},
}

var callUs = harness.Param[int]{
	Key: "call-us", About: "length of the system call, µs", Default: 100, Valid: harness.Between(1, 1_000_000),
}

// block stays in system calls for d. A signal to the thread, as the scheduler sends them,
// ends one early.
func block(d time.Duration) {
	for end := machine.Since() + d; ; {
		left := end - machine.Since()
		if left <= 0 {
			return
		}
		timeout := unix.NsecToTimeval(int64(left + time.Microsecond - 1))
		if _, err := unix.Select(0, nil, nil, nil, &timeout); err != nil && err != unix.EINTR {
			panic("waiting in select: " + err.Error()) // without descriptors, nothing else can fail
		}
	}
}
